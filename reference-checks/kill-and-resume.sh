#!/usr/bin/env bash
# Kills trainings of the micro recipes and resumes them, on a loaded machine, and compares what they end with.
#
#   reference-checks/kill-and-resume.sh [-n TRIALS] [-l LOAD] [-s SEED] [-w FOLDER] [RECIPE...]
#
# -n  trials for each recipe (100)
# -l  busy loops beside them, at the lowest priority (four times the cores)
# -s  the trials are drawn by this number and their own (1)
# -w  folder of the results and of what differs; trials that results.txt lists there are not run again (a new folder)
#
# A trial trains a recipe, kills it (SIGKILL) once or twice and resumes it, each process a new one. When it is killed is
# drawn: after one to six further checkpoints, up to half a second later, or as soon as the next is being written. In the
# end its checkpoints must be those of an unbroken run, name by name and byte by byte. That run has --threads 1, and so no
# other thread in its kernels; the processes of a trial have as many threads as cores, or twice as many. The last stage is
# made eight epochs longer, so that there is something to be killed.
#
# TRIPTYCH  the launcher (the one of this checkout)
# Exit code: 0 all the same, 1 something differs (its folder stays), 2 wrong words or a training that fails.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
triptych=${TRIPTYCH:-$here/../triptych}
resources=$here/../src/main/resources/recipes
cores=$(getconf _NPROCESSORS_ONLN)
trials=100 load=$((4 * cores)) seed=1 folder=
while getopts n:l:s:w: option; do
    case $option in
        n) trials=$OPTARG ;;
        l) load=$OPTARG ;;
        s) seed=$OPTARG ;;
        w) folder=$OPTARG ;;
        *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
done
shift $((OPTIND - 1))
recipes=("$@")
if [ $# -eq 0 ]; then
    for file in "$resources"/*-micro*.yaml; do # all of them, those of tomorrow too
        name=${file##*/}
        recipes+=("${name%.yaml}")
    done
fi
folder=${folder:-$(mktemp -d)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd -P)
results=$folder/results.txt
touch "$results"
export TRIPTYCH_HEAP=${TRIPTYCH_HEAP:-1g}

loops=()
process=
trap 'kill -9 ${loops[@]+"${loops[@]}"} $process 2>/dev/null || true' EXIT

fail() {
    echo "kill-and-resume: $1" >&2
    exit 2
}

# What a recipe is trained with, one word a line: what its first lines say, and eight more epochs for its last stage.
words() {
    local file=$resources/$1.yaml
    sed -n "s|^# ./triptych train --recipe $1 \(.*\)|\1|p" "$file" | tr ' ' '\n' | sed "s|=micro\.|=$folder/micro.|"
    awk '$1 == "-" && $2 == "name:" { stage++ } stage && $1 == "epochs:" { epochs = $2 }
        END { print "training.stages." stage - 1 ".epochs=" epochs + 8 }' "$file"
}

# The checkpoints of a run: names and hashes.
checkpoints() {
    (cd "$1/checkpoints" && sha256sum -- *.safetensors)
}

# Waits $1 seconds; a process of its own for that, a hundred times a second, would take the processor from the training.
exec {never}<> <(:)
pause() {
    read -rt "$1" -u "$never" || true
}

# Sets newest to the number of the newest checkpoint of run $1.
find_newest() {
    local files=("$1"/checkpoints/step-*.safetensors) name
    name=${files[-1]##*/step-}
    name=${name%.safetensors}
    case $name in
        *[!0-9]*) newest=0 ;; # there is none
        *) newest=$((10#$name)) ;;
    esac
}

# Waits until run $1 has a checkpoint beyond step $2, or process $process has ended.
await_checkpoint() {
    find_newest "$1"
    while [ "$newest" -le "$2" ] && kill -0 "$process" 2>/dev/null; do
        pause 0.01
        find_newest "$1"
    done
}

# Waits until a checkpoint of run $1 is being written, or process $process has ended.
await_writing() {
    until compgen -G "$1/checkpoints/.step-*.tmp" >/dev/null || ! kill -0 "$process" 2>/dev/null; do
        pause 0.001
    done
}

# Runs a training in folder $1 to its end or to its death. Sets code.
# $2: 1 to kill it; the other words are those of the command
train() {
    local run=$1 kill=$2 count newest
    shift 2
    "$triptych" train "$@" --quiet >>"$run.log" 2>&1 &
    process=$!
    if [ "$kill" = 1 ]; then
        find_newest "$run"
        for ((count = RANDOM % 6; count >= 0; count--)); do
            await_checkpoint "$run" "$newest"
        done
        if ((RANDOM % 2)); then
            await_writing "$run"
        else
            sleep "0.$((RANDOM % 5))$((RANDOM % 10))$((RANDOM % 10))"
        fi
        kill -9 "$process" 2>/dev/null || true
    fi
    code=0
    wait "$process" 2>/dev/null || code=$?
    process=
}

# One trial of recipe $1 with number $2. Adds a line to the results.
trial() {
    local recipe=$1 number=$2 run=$folder/$1.$2 kills=0 unfinished=0 wanted threads=() verdict=same
    RANDOM=$(cksum <<<"$seed $recipe $number" | cut -d ' ' -f 1)
    wanted=$((RANDOM % 2 + 1))
    if ((number % 2)); then
        threads=(--threads $((2 * cores)))
    fi
    rm -rf "$run" "$run.log"
    mapfile -t overrides < <(words "$recipe")
    local next=(--recipe "$recipe" "${overrides[@]}" --out "$run")
    while ((kills < wanted)); do
        train "$run" 1 "${next[@]}" ${threads[@]+"${threads[@]}"}
        if [ "$code" = 0 ]; then # it was over before it was killed
            break
        fi
        [ "$code" = 137 ] || fail "$recipe, trial $number: exit code $code, see $run.log"
        kills=$((kills + 1))
        if compgen -G "$run/checkpoints/.step-*.tmp" >/dev/null; then
            unfinished=$((unfinished + 1))
        fi
        next=(--resume "$run")
    done
    if [ "$code" != 0 ]; then
        train "$run" 0 "${next[@]}" ${threads[@]+"${threads[@]}"}
        [ "$code" = 0 ] || fail "$recipe, trial $number: exit code $code when resumed, see $run.log"
    fi
    if ! checkpoints "$run" | cmp -s - "$folder/$recipe.whole.sha"; then
        verdict=DIFFERENT
    fi
    echo "$recipe $number kills=$kills unfinished=$unfinished $verdict" | tee -a "$results"
    if [ $verdict = same ]; then
        rm -rf "$run" "$run.log"
    fi
}

if [ ! -f "$folder/micro.codes" ]; then
    (cd "$folder" && "$triptych" tokenize --tokenizer kmeans data.side=16 data.train-images=64 data.test-images=32 \
        kmeans.codes=32 kmeans.samples=1000 out=micro.codes) >"$folder/tokenize.log" 2>&1 \
        || fail "tokenize failed, see $folder/tokenize.log"
fi
for recipe in "${recipes[@]}"; do
    [ -f "$resources/$recipe.yaml" ] || fail "there is no recipe '$recipe'"
    if [ ! -f "$folder/$recipe.whole.sha" ]; then
        mapfile -t overrides < <(words "$recipe")
        rm -rf "$folder/$recipe.whole"
        train "$folder/$recipe.whole" 0 --recipe "$recipe" "${overrides[@]}" --out "$folder/$recipe.whole" --threads 1
        [ "$code" = 0 ] || fail "$recipe: exit code $code, see $folder/$recipe.whole.log"
        checkpoints "$folder/$recipe.whole" >"$folder/$recipe.whole.sha"
    fi
done

for ((i = 0; i < load; i++)); do
    nice -n 19 bash -c 'while :; do :; done' &
    loops+=($!)
done
for ((number = 1; number <= trials; number++)); do
    for recipe in "${recipes[@]}"; do
        if ! grep -q "^$recipe $number " "$results"; then
            trial "$recipe" "$number"
        fi
    done
done

echo "results in $folder: recipe, trials, kills, of which left an unfinished file, trials that differ"
for recipe in "${recipes[@]}"; do
    awk -v recipe="$recipe" '$1 == recipe {
        trials++
        split($3, k, "="); kills += k[2]
        split($4, u, "="); unfinished += u[2]
        different += $5 != "same"
    } END { print recipe, trials, kills, unfinished, different + 0 }' "$results"
done
! grep -q DIFFERENT "$results"

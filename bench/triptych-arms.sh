#!/bin/sh
# The experiment of Triptych (docs/results.md): every arm with every seed, on generated scenes or on a folder of images.
#
#   bench/triptych-arms.sh scenes [FOLDER]          generated scenes, runs into FOLDER (runs/triptych-scenes)
#   bench/triptych-arms.sh cifar DATA [FOLDER]      CIFAR-10 in the folder DATA
#
# EPOCHS, IMAGES (of CIFAR-10), SEEDS, ARMS, THREADS and TRIPTYCH (the command) may be set. What is finished is not done again: called anew, it
# goes on. Two calls at once share the work, each taking the next run that nobody has begun.
set -u
what=${1:?scenes or cifar}
recipes=scenes # the same encoder, decoder, batch and teacher on both data sets
triptych=${TRIPTYCH:-./triptych}
seeds=${SEEDS:-1 2 3}
arms=${ARMS:-union without-35 stellar prototypes without-4 without-5 echo bits}
threads=${THREADS:-1}
case $what in
    scenes)
        folder=${2:-runs/triptych-scenes}
        epochs=${EPOCHS:-4}
        first=0.5
        rest=$(awk "BEGIN { print $epochs - $first }")
        codes=128
        data="data.train-images=4000 data.test-images=500"
        momentum="momentum=0.98 momentum-final=0.99"
        ;;
    cifar)
        data="data=${2:?folder of CIFAR-10}"
        folder=${3:-runs/triptych-cifar}
        epochs=${EPOCHS:-1}
        first=0.125
        rest=$(awk "BEGIN { print $epochs - $first }")
        codes=256
        data="$data data.train-images=${IMAGES:-10000} data.test-images=1000"
        momentum="momentum=0.98 momentum-final=0.99"
        ;;
    *)
        echo "$what is neither scenes nor cifar" >&2
        exit 2
        ;;
esac
mkdir -p "$folder" || exit 2
book=$folder/codes.tokenizer.safetensors
if [ ! -f "$book" ]; then
    # shellcheck disable=SC2086 # lists of words
    $triptych tokenize --tokenizer kmeans $data "kmeans.codes=$codes" kmeans.samples=50000 "out=$folder/codes.codes" || exit 1
fi

stage() { # a stage's teacher, as the other arms have it
    for setting in teacher=true $momentum; do
        printf 'training.stages.%s.%s ' "$1" "$setting"
    done
}

train() { # arm seed: recipe and overrides
    own="decoder.codes=$codes decoder.tokenizer=$book"
    union="--recipe triptych-$recipes $own training.stages.0.epochs=$epochs"
    case $1 in
        union) echo "$union" ;;
        without-35) echo "$union triptych.weights.masked=0 triptych.weights.contrast=0 triptych.weights.uniformity=0" ;;
        without-4) echo "$union triptych.weights.alignment=0 triptych.weights.rate=0" ;;
        without-5) echo "$union triptych.weights.contrast=0 triptych.weights.uniformity=0" ;;
        echo) echo "$union triptych.weights.alignment=0 triptych.weights.rate=0 triptych.weights.reconstruction=0" \
            "triptych.weights.koleo=0" ;;
        prototypes) echo "$union triptych.alignment=prototypes triptych.weights.rate=0" ;;
        messages-4) echo "$union triptych.weights.alignment=4" ;;
        messages-8) echo "$union triptych.weights.alignment=8" ;;
        stellar) echo "--recipe stellar-$recipes $own $(stage 0) $(stage 1)" \
            "training.stages.0.epochs=$first training.stages.1.epochs=$rest" ;;
        bits) echo "--recipe bits-$recipes training.stages.0.epochs=$epochs" ;;
        *) echo "no arm $1" >&2; exit 2 ;;
    esac
}

for seed in $seeds; do
    for arm in $arms; do
        run=$folder/$arm-$seed
        mkdir "$run.taken" 2>/dev/null || continue
        # shellcheck disable=SC2046,SC2086 # lists of words
        if $triptych train $(train "$arm" "$seed") $data "seed=$seed" --out "$run" --threads "$threads" --quiet \
            >"$run.txt" 2>&1; then
            case $arm in
                stellar | bits | without-35) pictures= ;;
                *) pictures="--generated 1000 --generated-classifier $folder/classifier-$seed.safetensors" ;;
            esac
            # shellcheck disable=SC2086 # a list of words
            $triptych eval --run "$run" --out "$run" --no-pixels --limit-train 2000 $pictures --threads "$threads" --quiet \
                >"$run.eval.txt" 2>&1
        fi
        [ -f "$run/eval.json" ] || { echo "$run failed: see $run.txt and $run.eval.txt; remove $run.taken to try again" >&2; }
    done
done

#!/bin/bash
# session.sh OUT [PARTS]: what a graphics card tells within a quarter of an hour. Every part has a limit of its own, writes
# files named after it in OUT, and none stops the next; page.py makes one page of Markdown of them, OUT/page.md, which is
# printed at the end. Parts, in this order by default:
#   look doctor right tiny torch small torch-small recipes profile train
#
# LIMIT        seconds of all parts together (840); SLACK: how many times as long each part may take (1)
# DATA         a folder of images (data=DIR of the recipes); without it nothing is trained
# TRIPTYCH     the launcher (that of this checkout); PYTHON a Python with PyTorch (python3)
# For a rehearsal without a card: TINY and SMALL are arguments of `bench step`, TORCH_DEVICE is cpu, RECIPES and OVERRIDES
# (key=value ..) shrink what is measured, STEPS and WARMUP are counts, TRAIN is a recipe and TRAIN_STEPS its length.
set -u
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
out=${1:?a folder for the results}
shift
mkdir -p "$out"
out=$(cd "$out" && pwd)
triptych=${TRIPTYCH:-$home/triptych}
python=${PYTHON:-python3}
tiny=${TINY:---dim 192 --depth 12 --heads 3 --batch 128}
small=${SMALL:---dim 384 --depth 6 --heads 6 --batch 128}
steps=${STEPS:-30} warmup=${WARMUP:-10}
begun=$(date +%s)

# part NAME SECONDS COMMAND..: runs a command under a limit; what it prints is NAME.txt and NAME.err
part() {
    name=$1 limit=$(($2 * ${SLACK:-1}))
    shift 2
    left=$((${LIMIT:-840} - $(date +%s) + begun))
    [ "$left" -lt "$limit" ] && limit=$left
    if [ "$limit" -lt 5 ]; then
        echo "$name: no time left" | tee -a "$out/summary.txt"
        return 0
    fi
    since=$(date +%s)
    timeout "$limit" "$@" >"$out/$name.txt" 2>"$out/$name.err"
    code=$?
    echo "$name: exit code $code, $(($(date +%s) - since)) s" | tee -a "$out/summary.txt"
    [ $code = 0 ] || tail -n 3 "$out/$name.err" | cut -c 1-300 | tee -a "$out/summary.txt"
}

step() { # NAME SECONDS ARGUMENTS..
    name=$1 limit=$2
    shift 2
    part "$name" "$limit" "$triptych" bench step --device tornado --json --steps "$steps" --warmup "$warmup" "$@"
}

torch() { # NAME OF: PyTorch from the weights of a step, in float32 and with TF32
    for tf32 in off on; do
        part "$1-$tf32" 60 "$python" "$home/bench/pytorch_step.py" "$out/$2.safetensors" \
            --device "${TORCH_DEVICE:-cuda}" --tf32 $tf32 --steps "$steps" --losses "$out/$2.txt"
    done
    rm -f "$out/$2.safetensors"
}

for which in ${*:-look doctor right tiny torch small torch-small recipes profile train}; do
    # shellcheck disable=SC2086 # lists of words
    case $which in
        look) part look 20 sh -c 'uname -sm; nproc; nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader || true' ;;
        doctor) part doctor 60 "$triptych" doctor ;;
        # correctness first: a figure of what is wrong is none
        right)
            part right-kernels 150 "$triptych" check-device --device tornado --no-steps --one-form --json \
                ${KERNELS:---kernel linear --kernel product --kernel Product --kernel softmax --kernel attention --kernel adamw}
            part right-steps 120 "$triptych" check-device --device tornado --no-kernels --one-form --json --steps 5 \
                --recipe bits-micro
            ;;
        tiny)
            step tiny 180 $tiny --export "$out/tiny.safetensors"
            JAVA_OPTS="${JAVA_OPTS:-} -Dtriptych.tornado.replay=false" step tiny-without-replay 120 $tiny
            ;;
        torch) torch torch-tiny tiny ;;
        small) step small 120 $small --export "$out/small.safetensors" ;;
        torch-small) torch torch-small small ;;
        recipes)
            for recipe in ${RECIPES:-stellar-cifar-gpu bits-cifar-gpu sorcen-cifar-gpu}; do
                step "recipe-$recipe" 150 --recipe "$recipe" --fixed-batch ${OVERRIDES:-}
            done
            ;;
        profile) part profile 90 "$triptych" bench profile --device tornado --json --steps 3 --warmup 1 $tiny ;;
        train)
            if [ -n "${DATA:-}" ]; then
                part train 200 "$triptych" train --recipe "${TRAIN:-bits-cifar-gpu}" --device tornado data="$DATA" \
                    --stop-after "${TRAIN_STEPS:-400}" --runs "$out/runs"
            else
                echo "train: no DATA" | tee -a "$out/summary.txt"
            fi
            ;;
        *) echo "session.sh: there is no part '$which'" >&2; exit 2 ;;
    esac
done
"$python" "$home/bench/gpu/page.py" "$out" >"$out/page.md" && cat "$out/page.md"

#!/usr/bin/env bash
# The example against the artifact alone: what `mvn package` made is put into a repository of its own, from which the
# example takes it with everything that its pom asks for.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
if [ ! -f target/triptych.jar ]; then
    echo "examples/run.sh: target/triptych.jar is missing; expected what mvn package makes. Build first." >&2
    exit 3
fi
repository=$root/target/repository
pictures=$root/target/example-pictures
rm -rf "$repository" "$pictures"
mkdir -p "$pictures"
cp docs/images/{bits,cifar,demo,sorcen}.png "$pictures"
mvn -B -q org.apache.maven.plugins:maven-deploy-plugin:3.1.4:deploy-file -DpomFile=pom.xml -Dfile=target/triptych.jar \
    -Durl="file://$repository" -DrepositoryId=built
cd examples/java-embed
mvn -B -q -U -Dtriptych.repository="file://$repository" -Dpictures="$pictures" clean compile exec:exec

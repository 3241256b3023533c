import { imageHash } from "../../provider/model/image";
import type { DebootstrapArgs } from "../../provider/model/args";
import type { FaultHost } from "./host";

/**
 * A tree of a few files where the image of a machine would be, so that making a machine takes no minute. It cannot
 * boot; what a change does on the host and in the tree is the same.
 */
export async function plantImage(host: FaultHost, image: DebootstrapArgs): Promise<void> {
  await host.sh(
    `hash=$(cat) tree=/var/lib/pulumi-nspawn/images/$hash storage=/var/lib/machines/.pulumi-nspawn
     if [ -d "$storage" ]; then
       tree=$storage/images/$hash
       mkdir -p "$storage/images"
       [ -d "$tree" ] || btrfs -q subvolume create "$tree"
     fi
     mkdir -p "$tree/etc/systemd/network" "$tree/usr/lib" "$tree/usr/share/zoneinfo" "$tree/root" "$tree/var/lib" "$tree/run"
     cp /usr/lib/os-release "$tree/usr/lib/os-release"
     : >"$tree/etc/machine-id"
     printf 'root:x:0:0:root:/root:/bin/sh\\n' >"$tree/etc/passwd"
     printf 'root:*:19000:0:99999:7:::\\n' >"$tree/etc/shadow"
     chmod 0640 "$tree/etc/shadow"`,
    imageHash(image),
  );
}

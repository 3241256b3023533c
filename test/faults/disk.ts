import type { FaultLab } from "./lab";

interface Owner {
  lab: FaultLab;
  /** Where the lab keeps the server. */
  directory: string;
  sh(script: string): Promise<string>;
}

/** Other servers were started with a copy of all mounts, which holds a disk that is not mounted here any more. */
const release = `
release() {
  for process in /proc/[0-9]*; do
    if grep -qs " $PWD/$1 " "$process/mountinfo"; then nsenter --mount="$process/ns/mnt" umount -l "$PWD/$1" || :; fi
  done
  timeout 30 sh -c 'until [ -z "$(losetup -j disk.img)" ]; do sleep 0.1; done'
}`;

/**
 * The disk of a host: a file system of its own in a file, so that it can be full while this machine's is not. What
 * fills it is reserved and never written, so the file stays small.
 */
export class Disk {
  constructor(private readonly host: Owner) {}

  /** Moves a host that is off from its directory to a disk of 4 GB. */
  async make(): Promise<void> {
    await this.outside(
      `truncate -s 4G disk.img
       mkfs.ext4 -q -F -m 0 -E lazy_itable_init=1,lazy_journal_init=1 disk.img
       mkdir new
       mount -o loop disk.img new
       cp -a root/. new/
       rmdir new/lost+found
       release new
       rm -rf --one-file-system root new
       mkdir root
       mount -o loop disk.img root`,
    );
  }

  /** Keeps what is on the disk of a host that is off, for {@link restore}. */
  async keep(): Promise<void> {
    await this.outside("release root; cp --sparse=always disk.img kept.img; mount -o loop disk.img root");
  }

  async restore(): Promise<void> {
    await this.outside("release root; cp --sparse=always kept.img disk.img; mount -o loop disk.img root");
  }

  private async outside(script: string): Promise<void> {
    await this.host.lab.outside(`cd "$1"\n${release}\n${script}`, this.host.directory);
  }

  /** Not a byte is left for anybody, root included. */
  async fill(): Promise<void> {
    await this.host.sh(
      `fallocate -l "$(df --output=avail -B1 / | tail -n 1)" /var/faults.fill 2>/dev/null || :
       dd if=/dev/zero of=/var/faults.rest bs=4k 2>/dev/null || :`,
    );
  }

  async empty(): Promise<void> {
    await this.host.sh("rm -f /var/faults.fill /var/faults.rest");
  }
}

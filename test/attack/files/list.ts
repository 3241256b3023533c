import type { FileTrial } from "./trial";

const target = "/root/attacked";

/** Something in the machine stands in the place of a folder, by turns. */
const swapped = (folder: string, to: string): Pick<FileTrial, "machine" | "meanwhile" | "after" | "race"> => ({
  machine: `mkdir -p ${folder}; rm -rf ${folder}.link; ln -s ${to} ${folder}.link`,
  meanwhile: `exchange.py ${folder} ${folder}.link`,
  after: `if [ -L ${folder} ]; then mv -T ${folder}.link ${folder}.is; rm ${folder}; mv -T ${folder}.is ${folder}; else rm -f ${folder}.link; fi`,
  race: true,
});

/** A file in the machine is something else by turns. */
const alternating = (file: string, other: string): Pick<FileTrial, "machine" | "meanwhile" | "after" | "race"> => ({
  machine: `[ -e ${file} ] || : >${file}`,
  meanwhile: `alternate.py ${file} ${other}`,
  after: `rm -f ${file}.new-* ${file}.seen; mv -T ${file}.kept ${file}`,
  race: true,
});

/** Each new file of a folder in the machine becomes a link; the one that it takes the place of comes back in the end. */
const caught = (file: string, to: string): Pick<FileTrial, "machine" | "meanwhile" | "after" | "race"> => ({
  machine: `cp -p ${file} ${file}.kept`,
  meanwhile: `catch.py /etc .pulumi-nspawn ${to}`,
  after: `rm -f /etc/.spare-* /etc/.pulumi-nspawn.*; mv -T ${file}.kept ${file}`,
  race: true,
});

/** Something in the machine is a link instead. */
const linked = (path: string, to: string): Pick<FileTrial, "machine" | "after" | "race"> => ({
  machine: `mv ${path} ${path}.was 2>/dev/null || :; ln -s ${to} ${path}`,
  after: `rm ${path}; mv ${path}.was ${path} 2>/dev/null || :`,
  race: false,
});

const text = `printf '%s\\n' "$n" >"$DIR/texts/t"`;
const write = (path: string, mode = "0644"): string => `${text}; step_guest_file "$ROOT${path}" ${mode} t`;

// Caught between its last byte and its name, the link is the shadow itself: the machine has to put its own back to go on.
const ownShadow = `[ ! -L "$ROOT/etc/shadow" ] || { rm "$ROOT/etc/shadow"; cp -p "$ROOT/etc/shadow.kept" "$ROOT/etc/shadow"; }`;
const password = `printf '$6$%s\\n' "$n" >"$DIR/texts/t"; step_guest_password t`;

const writes: FileTrial[] = [
  {
    name: "write: the new file becomes a link before it is filled",
    ...caught("/etc/hosts", `${target}/victim`),
    step: write("/etc/hosts"),
  },
  {
    name: "write: a new file of the host, where there was none",
    ...caught("/etc/hosts", `${target}/new`),
    step: write("/etc/hosts", "0600"),
  },
  {
    name: "write: folders are made behind a link",
    ...linked("/opt/keys", target),
    step: `chown 33:33 "$ROOT"; guest=33:33; ${write("/opt/keys/.ssh/authorized_keys", "0600")}`,
    after: "rm /opt/keys; mv /opt/keys.was /opt/keys 2>/dev/null || :; chown 0:0 /",
  },
  {
    name: "write: folders are made behind a link, by turns",
    ...swapped("/opt/keys", target),
    step: write("/opt/keys/.ssh/authorized_keys"),
  },
  {
    name: "write: what is compared first is a FIFO, by turns",
    ...alternating("/etc/motd", "fifo"),
    step: `${text}; in_time 4 step_guest_file "$ROOT/etc/motd" 0644 t`,
    lost: '[ -e "$DIR/late" ]',
  },
  {
    name: "write: what is compared first is held by a lease",
    meanwhile: "file_lease.py /etc/leased",
    step: `sleep 0.3; ${text}; in_time 4 step_guest_file "$ROOT/etc/leased" 0644 t`,
    lost: '[ -e "$DIR/late" ]',
    race: false,
  },
  {
    name: "link: it is made in the folder to which another link leads",
    machine: "ln -sfn / /etc/.pulumi-nspawn.link",
    meanwhile: `catch.py /etc .pulumi-nspawn ${target}`,
    step: `step_guest_link "$ROOT/etc/attacked" "/usr/share/$n"`,
    after: "rm -f /etc/.pulumi-nspawn.link /etc/attacked",
    race: true,
  },
  {
    name: "password: the new file becomes a link before it is filled",
    ...caught("/etc/shadow", `${target}/victim`),
    step: `${ownShadow}; ${password}`,
  },
  {
    name: "password: the lines of another shadow are copied into the machine",
    ...alternating("/etc/shadow", `link:${target}/secret`),
    step: password,
    lost: 'grep -qs canary "$ROOT/etc/shadow.seen"',
  },
];

const trash = "/var/lib/pulumi-nspawn/trash/old";
const removals: FileTrial[] = [
  {
    name: "remove: behind a link",
    ...linked("/root/.ssh", target),
    step: `drop_path "$ROOT/root/.ssh/authorized_keys"`,
  },
  {
    name: "remove: behind a link, by turns",
    ...swapped("/root/.ssh", target),
    step: `drop_path "$ROOT/root/.ssh/authorized_keys"`,
  },
  {
    name: "remove: what is mounted in the trash",
    host: `mkdir -p ${trash}/mnt; mount --bind ${target} ${trash}/mnt; touch -d "10 days ago" ${trash}`,
    step: "empty_trash",
    hostAfter: `umount ${trash}/mnt; rm -rf ${trash}`,
    race: false,
  },
];

/** What the transaction keeps, and puts back. */
const kept = `rm -rf "$new"; mkdir -p "$new/guest"; KEEP=$new; snapshot_tree; touch "$new/guest.paths"`;
const concerned = `printf '%s\\n' "$ROOT/root/.ssh/authorized_keys" >"$DIR/concerned"`;
const rollbacks: FileTrial[] = [
  {
    name: "rollback: the machine's file in the place of the host's, by turns",
    ...swapped("/root/.ssh", target),
    machine: `mkdir -p /root/.ssh; echo mine >/root/.ssh/authorized_keys; ln -s ${target} /root/.ssh.link`,
    step: `${concerned}; ${kept}; undo_tree`,
  },
  {
    name: "snapshot: the host's file is kept as the machine's",
    ...swapped("/root/.ssh", target),
    step: `printf '%s\\n' "$ROOT/root/.ssh/secret" >"$DIR/concerned"; ${kept}`,
    lost: `grep -rqs canary "$new/guest"`,
  },
  {
    name: "snapshot: a file of any size",
    machine: "mkdir -p /root/.ssh; truncate -s 64M /root/.ssh/large",
    step: `printf '%s\\n' "$ROOT/root/.ssh/large" >"$DIR/concerned"; ${kept}`,
    lost: `[ -n "$(find "$new/guest" -size +2M)" ]`,
    after: "rm /root/.ssh/large",
    race: false,
  },
];

const records = (path: string): string => `mkdir -p "$out"; printf 'file\\t%s\\n' "${path}" >"$out/records"`;
const reads: FileTrial[] = [
  {
    name: "read: the host's file, behind a folder that is a link by turns",
    ...swapped("/root/.ssh", target),
    step: `${records("$ROOT/root/.ssh/secret")}; facts_of_files`,
    lost: 'grep -aqs canary "$DIR/files" "$DIR/files.tar"',
  },
  {
    name: "read: a file that has become large",
    ...alternating("/etc/motd", "large:4194304"),
    step: `${records("$ROOT/etc/motd")}; facts_of_files`,
    lost: '[ "$(cat "$DIR/files" "$DIR/files.tar" 2>/dev/null | wc -c)" -gt 1500000 ]',
  },
];

const staged = `place=$TREES/.#pulumi-nspawn.moved.incoming; rm -rf "$place" "$INCOMING"; mkdir -p "$place" "$INCOMING" "$DIR/from"; COPYING=$DIR/copying`;
const receive = (made: string): string =>
  `cd "$DIR/from"; { ${made}; } | gzip -1 >"$DIR/stream"; cd /; step_receive moved 0 <"$DIR/stream"`;
const first = receive(`rm -rf x; ln -s ${target} x; tar -cf - x`);
const moves: FileTrial[] = [
  {
    name: "move: through a link of an earlier transfer",
    step: `${staged}; ${first}; ${receive("rm x; mkdir x; echo 1 >x/new; tar -cf - x/new")}`,
    race: false,
  },
  {
    name: "move: a device, open to all",
    step: `${staged}; ${receive("mknod -m 666 dev c 1 3; tar -cf - dev; rm dev")}`,
    lost: '[ -n "$(find "$TREES/.#pulumi-nspawn.moved.incoming" -type b -o -type c)" ]',
    race: false,
  },
  {
    name: "move: what goes is removed behind a link",
    step: `${staged}; ${first}; printf './x/victim\\0' | base64 >"$DIR/texts/t"; step_incoming k moved t`,
    race: false,
  },
  {
    name: "move: the host's files are sent, behind a folder that is a link by turns",
    ...swapped("/root/.ssh", target),
    step: `printf './root/.ssh/secret\\0' | base64 >"$DIR/texts/t"; COPYING=$DIR/copying; step_send a t 4>"$DIR/sent.frames"`,
    lost: `tail -n +3 "$DIR/sent.frames" | gzip -dc 2>/dev/null | grep -aq canary`,
  },
];

const nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
const neighbours: FileTrial[] = [
  {
    name: "another user of the host: holds the lock",
    host: `mkdir -p /run/lock; for lock in /run/lock/pulumi-nspawn.lock /run/pulumi-nspawn-locks/host; do (: >>"$lock") 2>/dev/null; (${nobody} flock -x "$lock" sleep 30 &) 2>/dev/null; done; sleep 0.5`,
    step: `step_lock && : >"$DIR/locked"`,
    lost: '[ ! -e "$DIR/locked" ]',
    race: false,
  },
  {
    name: "another user of the host: says how a change ended",
    host: `mkdir -p /run/lock /run/pulumi-nspawn-locks; for lock in /run/lock/pulumi-nspawn.lock /run/pulumi-nspawn-locks/host; do (printf 'x\\nend\\n' >"$lock"; flock -x "$lock" sleep 30 &); done; sleep 0.5`,
    step: `step_lock 4>"$DIR/report"`,
    lost: `grep -qx end "$DIR/report"`,
    race: false,
  },
];

export const fileTrials: readonly FileTrial[] = [
  ...writes,
  ...removals,
  ...rollbacks,
  ...reads,
  ...moves,
  ...neighbours,
];

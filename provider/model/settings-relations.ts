import type { MachineArgs } from "./args";
import { withheldCapabilities } from "./capabilities";
import type { FilesSettings } from "./container-args";
import type { Place } from "./read/place";
import { isUnknown } from "./unknown";

const known = <T>(value: T | undefined): T | undefined => (isUnknown(value) ? undefined : value);
const elements = <T>(values: T[] | undefined): [T, number][] =>
  (known(values) ?? []).map((value, index): [T, number] => [value, index]);

/** What has to hold between a machine's settings, as far as it is known. */
export function settingsRelations(args: MachineArgs, place: Place): void {
  const settings = known(args.settings);
  if (settings === undefined) return;
  const exec = known(settings.exec);
  const at = place.key("settings");
  if (exec !== undefined) {
    const given = known(exec.capability) ?? [];
    for (const [name, index] of elements(exec.dropCapability))
      if (!isUnknown(name) && given.includes(name))
        at.key("exec").key("dropCapability").index(index).refuse(`${name} is listed in capability too`);
    if (args.privateUsers === "no") withoutUsers(args, at.key("exec"));
  }
  const files = known(settings.files);
  if (files !== undefined) mountedTwice(files, at.key("files"));
}

/** Without users of its own, what a machine may do it may do to the host. */
function withoutUsers(args: MachineArgs, place: Place): void {
  const why = 'with privateUsers: "no" it would hold on the host itself; give the machine users of its own';
  for (const [name, index] of elements(args.settings?.exec?.capability))
    if (withheldCapabilities.includes(name)) place.key("capability").index(index).refuse(`${name} is refused: ${why}`);
  for (const [call, index] of elements(args.settings?.exec?.systemCallFilter))
    if (!isUnknown(call) && !call.startsWith("~"))
      place.key("systemCallFilter").index(index).refuse(`allowing ${call} is refused: ${why}`);
}

function mountedTwice(files: FilesSettings, place: Place): void {
  const seen = new Map<string, string>();
  const note = (target: string | undefined, at: Place): void => {
    if (target === undefined || isUnknown(target)) return;
    const first = seen.get(target);
    if (first !== undefined) at.refuse(`something is mounted on ${target} already, by ${first}`);
    else seen.set(target, at.path);
  };
  for (const name of ["bind", "bindReadOnly"] as const)
    for (const [bind, index] of elements(files[name]))
      if (!isUnknown(bind)) note(bind.target ?? bind.source, place.key(name).index(index));
  for (const [target, index] of elements(files.temporaryFileSystem))
    note(target, place.key("temporaryFileSystem").index(index));
}

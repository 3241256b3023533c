import type { ExecSettings, FilesSettings, SettingsArgs } from "../container-args";
import { list, set } from "../read/list";
import { object, optional } from "../read/object";
import { flag, integer } from "../read/scalar";
import { capability } from "./capability";
import { environment } from "./environment";
import { bind, target } from "./mount";
import { systemCall } from "./system-call";

const twice = { twice: "is listed" };

const exec = object<ExecSettings>({
  capability: optional(set(capability, twice)),
  dropCapability: optional(set(capability, twice)),
  noNewPrivileges: optional(flag),
  systemCallFilter: optional(set(systemCall, twice)),
  environment: optional(environment),
  limitNOFILE: optional(integer(1024, 1_048_576)),
  limitMEMLOCK: optional(integer(65_536, Number.MAX_SAFE_INTEGER)),
});

const files = object<FilesSettings>({
  bind: optional(list(bind)),
  bindReadOnly: optional(list(bind)),
  temporaryFileSystem: optional(list(target, twice)),
});

/** `settings`: what systemd.nspawn(5) has beside what other arguments say. */
export const settings = object<SettingsArgs>({ exec: optional(exec), files: optional(files) });

import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { limitSysctls, ownSysctls } from "../../provider/model/own-sysctls";
import { parseFloatingIp } from "../../provider/model/parse-floating-ip";
import { parseHost } from "../../provider/model/parse-host";
import {
  floatingProxyFile,
  limitsScript,
  limitsService,
  proxiesDirectory,
  sysctlFile,
  unitFile,
  uplinkScript,
} from "../../provider/model/paths";
import type { Parsed } from "../../provider/model/problem";
import { desiredFloatingIp } from "../../provider/render/desired-floating-ip";
import { desiredHost } from "../../provider/render/desired-host";
import { limitsUnit } from "../../provider/render/sysctl";
import { uplinkHooks } from "../../provider/render/uplink-hooks";
import { uplinkScript as scriptText } from "../../provider/render/uplink-script";
import { floatingIpArgs, hostArgs } from "../support/sample";

const runs = { seed: 20261126, numRuns: 1000 };
const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const setting = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => `net.core.${words.join(".")}`);
const value = fc
  .array(fc.stringMatching(/^[!-~]{1,8}$/), { minLength: 1, maxLength: 3 })
  .map((words) => words.join(" "));
const uplink = fc.option(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,9}x$/), { nil: undefined });

function accepted<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

/** sysctl.d(5): comments, `key = value`, a `-` before a key that may be missing. */
function settingsIn(text: string): [string, string][] {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*[#;]/.test(line));
  return lines.map((line) => {
    const at = line.indexOf("=");
    if (at < 0) throw new Error(`no setting: ${line}`);
    return [line.slice(0, at).trim().replace(/^-/, ""), line.slice(at + 1).trim()];
  });
}

describe("what is written for any accepted host", () => {
  it("sets each kernel setting once, as given, beside the library's own", () => {
    fc.assert(
      fc.property(fc.dictionary(setting, value, { maxKeys: 6 }), (sysctls) => {
        const { files } = desiredHost(accepted(parseHost(hostArgs({ sysctls }))));
        const read = settingsIn(files[sysctlFile]!);
        expect(new Set(read.map(([name]) => name)).size).toBe(read.length);
        expect(Object.fromEntries(read)).toEqual({ ...sysctls, ...ownSysctls });
        const raised = [...files[limitsScript]!.matchAll(/^raise (\S+) (\d+)$/gm)].map(([, name, least]) => [
          name,
          least,
        ]);
        expect(raised).toEqual(Object.entries(limitSysctls).filter(([name]) => !Object.hasOwn(sysctls, name)));
      }),
      runs,
    );
  });

  it("has the same scripts, but for the uplink's name in one place", () => {
    const constant = scriptText("").split("\n");
    const place = constant.indexOf("uplink=''");
    fc.assert(
      fc.property(uplink, (name) => {
        const { files } = desiredHost(accepted(parseHost(hostArgs({ uplink: name }))));
        const { [uplinkScript]: script, [sysctlFile]: _, [limitsScript]: _limits, ...rest } = files;
        expect(rest).toEqual({ ...uplinkHooks(), [unitFile(limitsService)]: limitsUnit });
        const expected = [...constant.slice(0, place), `uplink='${name ?? ""}'`, ...constant.slice(place + 1)];
        expect(script!.split("\n")).toEqual(expected);
      }),
      runs,
    );
  });
});

describe("what is written for any accepted floating address", () => {
  const ipv4 = fc.ipV4().map((address) => address.replace(/^\d+/, "45"));
  const ipv6 = fc.integer({ min: 1, max: 0xffff }).map((last) => `2001:db8:f::${last.toString(16)}`);
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);

  it("is one address in one list, which the uplink's script reads as that address alone", () => {
    // The script's own filter of lines.
    const line = /sed -n "(s\/[^"]*p)" "\$list"/.exec(scriptText(undefined))![1]!;
    const filter = line.replace("\\$/", "$/").replace("dev $uplink", "dev U");
    const lists: string[] = [];
    const wanted: string[] = [];
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), name, (address, label) => {
        const of6 = address.includes(":");
        const given = of6 ? { type: "ipv6" as const, network: "2001:db8:f::/64" } : {};
        const args = accepted(parseFloatingIp(floatingIpArgs({ address, name: label, ...given })));
        const { files } = desiredFloatingIp(args);
        expect(Object.keys(files)).toEqual([floatingProxyFile(label)]);
        expect(floatingProxyFile(label)).toMatch(new RegExp(`^${proxiesDirectory}/floating-[A-Za-z0-9._-]+\\.conf$`));
        lists.push(...Object.values(files));
        wanted.push(`neigh replace proxy ${address} dev U`);
      }),
      runs,
    );
    const read = execFileSync("sed", ["-n", filter], { input: lists.join("") })
      .toString()
      .trimEnd()
      .split("\n");
    expect(read).toEqual(wanted);
  });
});

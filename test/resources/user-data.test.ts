import { userDataWith } from "../../provider/resources/user-data";
import { userDataPart } from "../../provider/resources/user-data-part";

const keys = { privateKey: "PRIVATE", publicKey: "PUBLIC" };
const mime =
  'Content-Type: multipart/mixed; boundary="x"\nMIME-Version: 1.0\n\n--x\nContent-Type: text/x-shellscript\n\n#!/bin/sh\n--x--\n';

describe("user data beside the boot key", () => {
  it.each([
    ["#cloud-config\npackages: [vim]\n", "text/cloud-config"],
    ["#!/bin/sh\ntrue\n", "text/x-shellscript"],
    ["#include\nhttps://example.org/x\n", "text/x-include-url"],
    ["#include-once\nhttps://example.org/x\n", "text/x-include-once-url"],
    ["#cloud-boothook\n#!/bin/sh\n", "text/cloud-boothook"],
    ["#cloud-config-archive\n- type: text/cloud-config\n", "text/cloud-config-archive"],
    ["#cloud-config-jsonp\n[]\n", "text/cloud-config-jsonp"],
    ["#part-handler\n", "text/part-handler"],
    ["## template: jinja\n#cloud-config\nhostname: {{ v1.local_hostname }}\n", "text/jinja2"],
    ["\n #Cloud-Config\n{}\n", "text/cloud-config"],
  ])("has the type that cloud-init gives it alone: %j", (text, type) => {
    expect(userDataPart(text)).toEqual({ type, text });
    expect(userDataWith(keys, text)).toContain(`Content-Type: ${type}; charset="utf-8"\nMIME-Version: 1.0\n\n${text}`);
  });

  it.each([mime, `From nobody Thu Jan  1 00:00:00 2026\n${mime}`])(
    "goes in whole as an archive inside of ours",
    (text) => {
      const whole = userDataWith(keys, text);
      const [, boundary = ""] = /^Content-Type: multipart\/mixed; boundary="([^"]+)"\n/.exec(whole) ?? [];
      expect(whole).toContain(`\n--${boundary}\n${mime}\n--${boundary}\nContent-Type: text/cloud-config`);
      expect(whole.endsWith(`\n--${boundary}--\n`)).toBe(true);
    },
  );

  it("keeps letters of other alphabets", () => {
    const text = "#cloud-config\nruncmd: [echo grün]\n";
    const [, body = ""] = /Content-Transfer-Encoding: base64\n\n([^-]+)\n--/.exec(userDataWith(keys, text)) ?? [];
    expect(Buffer.from(body, "base64").toString("utf8")).toBe(text);
  });

  it.each([
    [
      Buffer.from("#cloud-config\n{}\n").toString("base64"),
      "server.userData is base64, which cloud-init does not accept",
    ],
    [Buffer.from(mime).toString("base64"), "server.userData is base64, which cloud-init does not accept"],
    ["H4sIAAAAAAAAA0vOyS9N0U3Oz0vLTAcAAAAA", "server.userData is base64"],
    ["packages: [vim]\n", "server.userData begins with nothing that cloud-init recognizes"],
    [
      mime.replace("MIME-Version: 1.0\n", ""),
      "server.userData begins like a MIME archive, but has no line MIME-Version",
    ],
  ])("is refused when cloud-init would drop it: %j", (text, message) => {
    expect(() => userDataWith(keys, text)).toThrow(message);
  });

  it("is ours alone where there is none", () => {
    for (const none of [undefined, "", " \n"]) expect(userDataWith(keys, none)).toMatch(/^#cloud-config\n/);
  });
});

import { parseMachine } from "../../provider/model/parse-machine";
import { changed, problemsOf } from "../support/refusal";
import { hostKeyText, machineArgs } from "../support/sample";

const base = machineArgs({ dns: ["185.12.64.1"], timezone: "Europe/Berlin", rootPassword: "correct horse" });

/** Refused with exactly one problem, at this path, that says this. */
function refuses(path: (string | number)[], value: unknown, at: string, message: RegExp): void {
  const problems = problemsOf(parseMachine(changed(base, path, value)));
  expect(problems).toEqual([{ path: at, message: expect.stringMatching(message) }]);
}

describe("a machine's name", () => {
  const values = [
    "",
    ".",
    "..",
    ".host",
    "-rf",
    "--help",
    "a/b",
    "../etc",
    "a b",
    "a;id",
    "$(id)",
    "`id`",
    "a\nb",
    "a\0b",
    "Web",
  ];
  const more = [
    "wéb",
    "а",
    "web.nspawn",
    "a@b",
    "%i",
    "*",
    "web.raw",
    "web..org",
    "web.",
    ".web",
    "web.-org",
    "web_1",
    "x".repeat(65),
    "1web",
    "web\nExecStart=x",
    "web\u2028",
    "x".repeat(100000),
  ];
  test.each([...values, ...more])("%j is refused", (name) => {
    const [problem, ...others] = problemsOf(parseMachine(changed(base, ["name"], name)));
    expect(others).toEqual([]);
    expect(problem!.path).toBe("name");
    expect(problem!.message).toMatch(/must be a host name: |64 characters at most/);
    expect(problem!.message.length).toBeLessThan(300);
    expect(problem!.message).toMatch(/^[ -~…]*$/);
  });

  it("shows a control character and where it is", () => {
    refuses(["name"], "web\nExec", "name", /^must be a host name: .* \(got "web\\nExec", control character at 3\)$/);
  });

  it("shows a letter of another script as what it is", () => refuses(["name"], "а", "name", /got "\\u\{430\}"/));

  test.each(["w", "web", "web-1", "twelve-chars", "kube-controller-1", "db.example.org", "x".repeat(64)])(
    "%j is accepted",
    (name) => {
      expect(parseMachine(changed(base, ["name"], name)).ok).toBe(true);
    },
  );
});

describe("a machine's addresses", () => {
  const at = ["networks", 0, "addresses", 0, "address"];
  const path = "networks[0].addresses[0].address";
  const forms = [
    "256.1.1.1",
    "010.0.0.1",
    "0x7f.1",
    "127.1",
    "1.2.3.4 ",
    "1.2.3.4\n",
    "１.2.3.4",
    "198.51.100.7/32",
    "",
  ];
  const forms6 = ["fe80::1%eth0", "::ffff:1.2.3.4", "2001:db8::1::", "[2001:db8::1]", "2001:db8::/64"];
  test.each([...forms, ...forms6])("%j is no address", (address) =>
    refuses(at, address, path, /^must be a canonical IPv4 or IPv6 address/),
  );

  const special = [
    "0.0.0.0",
    "127.0.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "169.254.169.254",
    "::",
    "::1",
    "fe80::1",
    "ff02::1",
  ];
  test.each(special)("%j is special", (address) => refuses(at, address, path, /special-purpose range/));

  it("are not the gateway of the server's link", () => refuses(at, "172.31.1.1", path, /gateway of the server's link/));
  it("are not the host's own IPv4 address", () =>
    refuses(at, "203.0.113.2", path, /203\.0\.113\.2 is the host's own address/));

  it.each(["2001:db8:1::", "2001:db8:1::1"])(
    "are not the host's own IPv6 address %s, where its network is given",
    (address) => {
      const withNetwork = changed(base, ["networks", 0, "ipv6"], "2001:db8:1::/64");
      const problems = problemsOf(
        parseMachine(changed(withNetwork, ["networks", 0, "addresses", 1, "address"], address)),
      );
      expect(problems).toEqual([
        { path: "networks[0].addresses[1].address", message: expect.stringMatching(/host's own address/) },
      ]);
    },
  );

  it("are not used twice, in another spelling either", () => {
    const problems = problemsOf(
      parseMachine(changed(base, ["networks", 0, "addresses", 0, "address"], "2001:DB8:1:0::0007")),
    );
    const message = "2001:db8:1::7 is used twice, first at networks[0].addresses[0]";
    expect(problems).toEqual([{ path: "networks[0].addresses[1]", message }]);
  });

  it("are on the machine's host", () => {
    const other = "shop/lab/host/host-2";
    refuses(
      ["networks", 0, "addresses", 0, "host"],
      other,
      "networks[0].addresses[0]",
      /198\.51\.100\.7 is on host "shop\/lab\/host\/host-2"/,
    );
    refuses(
      ["networks", 0, "host"],
      other,
      "networks[0].bridge",
      /bridge is on host "shop\/lab\/host\/host-2", the machine on "shop\/lab\/host\/host-1"/,
    );
  });

  it("of IPv4 need a host with IPv4", () =>
    refuses(["networks", 0, "gateway4"], undefined, path, /needs a host with IPv4/));

  it("may be none", () => expect(parseMachine(changed(base, ["networks", 0, "addresses"], [])).ok).toBe(true));
  it("may be private ones", () => expect(parseMachine(changed(base, at, "192.168.7.9")).ok).toBe(true));
});

describe("a machine's other arguments", () => {
  const network = base.networks[0];
  test.each<[(string | number)[], unknown, string, RegExp]>([
    [["networks"], Array.from({ length: 9 }, () => network), "networks", /0 to 8 elements \(got 9\)/],
    [["networks"], "br0", "networks", /must be a list \(got "br0"\)/],
    [["networks", 0], 7, "networks[0]", /must be an object \(got 7\)/],
    [["networks", 0, "bridge"], "eth0", "networks[0].bridge", /reserved for another interface/],
    [["networks", 0, "addresses", 0], undefined, "networks[0].addresses[0]", /must be an object \(got nothing\)/],
    [["networks", 0, "addresses", 0, "proxied"], "yes", "networks[0].addresses[0].proxied", /true or false/],
    [["networks", 0, "adresses"], [], "networks[0].adresses", /did you mean "addresses"\?/],
    [["hostname"], "web_1", "hostname", /must be a host name/],
    [["hostname"], "-web", "hostname", /must be a host name/],
    [["hostname"], "web\nlocalhost", "hostname", /control character at 3/],
    [["hostname"], "a".repeat(65), "hostname", /64 characters at most, not 65/],
    [["hostname"], "10.0.0.1", "hostname", /must be a host name/],
    [["hostname"], undefined, "hostname", /is required/],
    [["dns"], [], "dns", /1 to 3 elements \(got 0\)/],
    [["dns"], ["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4"], "dns", /1 to 3 elements \(got 4\)/],
    [["dns", 0], "resolver.example", "dns[0]", /IPv4 or IPv6 address/],
    [["dns"], ["1.1.1.1", "1.1.1.1"], "dns[1]", /twice, first at \[0\]/],
    [["timezone"], "../../etc/shadow", "timezone", /must be a time zone/],
    [["timezone"], "/etc/shadow", "timezone", /must be a time zone/],
    [["timezone"], "Europe/../..", "timezone", /must be a time zone/],
    [["authorizedKeys"], [""], "authorizedKeys[0]", /must be one line of authorized_keys/],
    [["authorizedKeys"], [`${hostKeyText}\n${hostKeyText}`], "authorizedKeys[0]", /one key, on one line/],
    [["authorizedKeys"], ["ssh-dss AAAAB3NzaC1kc3M="], "authorizedKeys[0]", /must be one line/],
    [
      ["authorizedKeys"],
      ["-----BEGIN OPENSSH PRIVATE KEY-----"],
      "authorizedKeys[0]",
      /private key, the public one is needed/,
    ],
    [["authorizedKeys"], [`command="x\u0007" ${hostKeyText}`], "authorizedKeys[0]", /must be one line/],
    [["startAtBoot"], "true", "startAtBoot", /true or false \(got "true"\)/],
    [["running"], 1, "running", /true or false \(got 1\)/],
    [["ephemeral"], [], "ephemeral", /true or false \(got a list\)/],
    [
      ["readyWhen"],
      "http",
      "readyWhen",
      /must be "started" or "running" or an object of conditions: .* \(got "http"\)/,
    ],
    [["readyWhen"], {}, "readyWhen", /must be "started" or "running" or an object of conditions/],
    [["readyWhen"], { tcp: 0 }, "readyWhen.tcp", /an integer from 1 to 65535 \(got 0\)/],
    [["readyWhen"], { http: {} }, "readyWhen.http.port", /is required/],
    [["readyWhen"], { http: { port: 80, path: "health" } }, "readyWhen.http.path", /must be a path from `\/`/],
    [["readyWhen"], { http: { port: 80, path: "/a b\r\nX: y" } }, "readyWhen.http.path", /must be a path from `\/`/],
    [["readyWhen"], { https: { port: 443 } }, "readyWhen.https", /is not an argument; did you mean "http"\?/],
    [["readyWhen"], { reachable: false }, "readyWhen.reachable", /must be true; where nothing is demanded, "running"/],
    [["onDelete"], "purge", "onDelete", /must be "trash" or "delete" or "keep"/],
    [["privateUsers"], "yes", "privateUsers", /"pick", "identity", "no"/],
    [["privateUsers"], "pick\n[Exec]", "privateUsers", /control character at 4/],
    [["privateUsers"], "1000", "privateUsers", /multiple of 65536/],
    [["privateUsers"], "4294967296", "privateUsers", /multiple of 65536/],
    [["stateVersion"], 2, "stateVersion", /integer from 1 to 1/],
    [["image", "kind"], "docker", "image.kind", /must be "debootstrap" or "tarball" or "directory" or "published"/],
    [["image", "suite"], "stable", "image.suite", /write its code name/],
    [["image", "suite"], "book worm", "image.suite", /code name of a suite/],
    [["image", "suite"], "../sid", "image.suite", /code name of a suite/],
    [["image", "suite"], "--foreign", "image.suite", /code name of a suite/],
    [["image", "variant"], "big", "image.variant", /"minbase" or "buildd" or "standard"/],
    [["image", "packages"], ["nginx;id"], "image.packages[0]", /Debian package name/],
    [["image", "packages"], ["-o=x"], "image.packages[0]", /Debian package name/],
    [["image", "packages"], ["Nginx"], "image.packages[0]", /Debian package name/],
    [["image", "packages"], ["nginx=1.22"], "image.packages[0]", /Debian package name/],
    [["image", "packages"], ["a,b"], "image.packages[0]", /Debian package name/],
    [["image", "packages"], ["nginx", undefined], "image.packages[1]", /must be a text \(got nothing\)/],
    [["image", "keyring"], "x", "image.keyring", /armored PGP public key block/],
  ])("%j = %j is refused", refuses);

  const mirrors = [
    "ftp://h/",
    "file:///etc/shadow",
    "http://u:p@h/debian",
    "http://h/x;id",
    "--output=x",
    "http://0x7f.1/",
    "http://010.0.0.1/",
  ];
  const more = [
    "http://h/a b",
    "http://h/?x",
    "http://h/#x",
    "http://h/../x",
    "h",
    "http://",
    "http://h:99999/",
    "http://h/\n",
    "http://h//x",
  ];
  test.each([...mirrors, ...more])("the mirror %j is refused", (mirror) => {
    refuses(["image", "mirror"], mirror, "image.mirror", /must be an http or https URL of a Debian mirror/);
  });

  it.each([
    "http://deb.debian.org/debian",
    "https://10.0.0.7:3142/deb.debian.org/debian",
    "http://[2001:db8::7]/debian",
    "http://127.0.0.1:3142/debian",
  ])("the mirror %j is accepted", (mirror) =>
    expect(parseMachine(changed(base, ["image", "mirror"], mirror)).ok).toBe(true),
  );

  it.each([
    `restrict,command="echo \\"hi\\" there" ${hostKeyText} me@example`,
    `from="198.51.100.0/24,2001:db8::/32" ${hostKeyText}`,
    `${hostKeyText}\n`,
  ])("the authorized key %j is accepted", (key) => {
    expect(parseMachine(changed(base, ["authorizedKeys"], [key])).ok).toBe(true);
  });

  it.each(["pick", "identity", "no", "524288", "65536:65536"])("the users %j are accepted", (users) => {
    expect(parseMachine(changed(base, ["privateUsers"], users)).ok).toBe(true);
  });
});

describe("a root password", () => {
  const values = [
    "",
    "a:b",
    "a\nb",
    "a\0b",
    "x".repeat(1 << 20),
    "Calling [toString] on an [Output<T>] is not supported.",
    "\ud800",
    12345,
    ["hunter2"],
    { hunter: 2 },
  ];
  test.each(values.map((value) => [value]))("is refused without being shown, nor its property named", (value) => {
    const [problem, ...others] = problemsOf(parseMachine(changed(base, ["rootPassword"], value)));
    expect(others).toEqual([]);
    // The engine prints the value of a property that is named alone.
    expect(problem!.path).toBe("rootPassword.value");
    expect(problem!.message).toContain("(value hidden)");
    expect(problem!.message).not.toMatch(/hunter|toString|12345|xxx/);
  });

  it("may hold anything printable", () => {
    expect(parseMachine(changed(base, ["rootPassword"], "a b $x \"'` \\ ü 🐧")).ok).toBe(true);
  });
});

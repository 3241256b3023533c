import { everyRoute } from "./every-route";
import { mutants } from "./mutants";
import { OpenApi } from "./openapi";
import { TryApi } from "./try-api";

/** Everything that the scripted run sends and gets is checked against Hetzner's document. */
const document = OpenApi.read();
if (!document) console.warn("contract test skipped: ../shared/data/hetzner-openapi.json is not at hand");

(document ? test : test.skip)(
  "requests and answers of every route fit Hetzner's document",
  async () => {
    const lab = await TryApi.start();
    const problems: string[] = [];
    const seen = new Set<string>();
    lab.seen = (method, path, sent, { status, body }) => {
      const pathname = path.split("?")[0] ?? "";
      const template = document?.template(pathname);
      if (!document || !template) {
        problems.push(`${method} ${pathname}: not in the document`);
        return;
      }
      seen.add(`${method} ${template}`);
      const wrong = document.answer(method, template, status, body);
      if (status < 400) wrong.push(...document.request(method, template, sent));
      problems.push(...wrong.map((problem) => `${method} ${template} ${status}: ${problem}`));
    };
    try {
      await everyRoute(lab);
    } finally {
      await lab.api.close();
    }
    expect([...new Set(problems)]).toEqual([]);
    expect(seen.size).toBeGreaterThanOrEqual(160);
  },
  600_000,
);

/** What the document calls an error and real clients do all the same, or what Hetzner's prose says otherwise. */
const ALLOWED = [
  // hcloud-go leaves it out when there is no assignee_id.
  /^POST \/primary_ips without assignee_type$/,
  // Of a new service of http, Terraform's provider and the Kubernetes controller send what has no default only.
  /^POST \/load_balancers(\/\{id\}\/actions\/add_service)? .*without (destination_port|proxyprotocol|health_check)$/,
  /^POST \/load_balancers.* .*health_check\.without (port|interval|timeout|retries)$/,
  /^POST \/load_balancers.* .*health_check\.http\.without (domain|path)$/,
];

(document ? test : test.skip)(
  "what the document forbids is refused, in every field of every request",
  async () => {
    const lab = await TryApi.start();
    const { accepted, tried } = spoil(lab, document as OpenApi);
    // What is accepted may spoil the rest of the run: it is told first.
    const failure = await everyRoute(lab).catch((error: unknown) => error);
    await lab.api.close();
    expect([...accepted]).toEqual([]);
    expect(failure).toBeUndefined();
    expect(tried()).toBeGreaterThan(500);
  },
  600_000,
);

interface Refusal {
  what: string;
  status: number;
  code: string;
}

/** Before each request of the run the wrong ones are sent; `accepted` are those that were not refused as invalid. */
function spoil(lab: TryApi, rules: OpenApi): { accepted: Set<string>; tried: () => number } {
  const plain = lab.call.bind(lab);
  const accepted = new Set<string>();
  let tried = 0;
  lab.call = async (method, path, body, token) => {
    const refusals: Refusal[] = [];
    for (const [what, wrong] of wrongBodies(rules, method, path, body)) {
      const answer = await plain(method, path, wrong);
      refusals.push({ what, status: answer.status, code: String(answer.body?.error?.code) });
    }
    tried += refusals.length;
    const right = await plain(method, path, body, token);
    const surprising = ({ status, code }: Refusal): boolean =>
      status < 400 || (right.status < 400 && code !== "invalid_input");
    for (const { what, status, code } of refusals.filter(surprising)) accepted.add(`${what}: ${status} ${code}`);
    return right;
  };
  return { accepted, tried: () => tried };
}

function wrongBodies(rules: OpenApi, method: string, path: string, body: unknown): [string, unknown][] {
  const template = rules.template(path.split("?")[0] ?? "");
  const schema = template && rules.bodySchema(method, template);
  if (!schema || typeof body !== "object") return [];
  return [...mutants(rules, schema, body)]
    .map(({ what, body: wrong }): [string, unknown] => [`${method} ${template} ${what}`, wrong])
    .filter(([what]) => !ALLOWED.some((pattern) => pattern.test(what)));
}

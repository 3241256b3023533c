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
    expect(seen.size).toBeGreaterThanOrEqual(95);
  },
  240_000,
);

/** What the document calls an error and real clients do all the same, or what Hetzner's prose says otherwise. */
const ALLOWED = [
  // hcloud-go leaves it out when there is no assignee_id.
  "POST /primary_ips without assignee_type",
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
    expect(tried()).toBeGreaterThan(300);
  },
  240_000,
);

/** Before each request of the run the wrong ones are sent; `accepted` are those that were not refused as invalid. */
function spoil(lab: TryApi, rules: OpenApi): { accepted: Set<string>; tried: () => number } {
  const plain = lab.call.bind(lab);
  const accepted = new Set<string>();
  let tried = 0;
  const schemaOf = (method: string, template: string | undefined, body: unknown) =>
    template && typeof body === "object" ? rules.bodySchema(method, template) || undefined : undefined;
  lab.call = async (method, path, body, token) => {
    const template = rules.template(path.split("?")[0] ?? "");
    const schema = schemaOf(method, template, body);
    if (schema === undefined) return plain(method, path, body, token);
    const answers: { what: string; status: number; code: string }[] = [];
    for (const mutant of mutants(rules, schema, body)) {
      const what = `${method} ${template} ${mutant.what}`;
      if (ALLOWED.includes(what)) continue;
      const answer = await plain(method, path, mutant.body);
      answers.push({ what, status: answer.status, code: String(answer.body?.error?.code) });
    }
    tried += answers.length;
    const right = await plain(method, path, body, token);
    const isAccepted = (status: number, code: string): boolean =>
      status < 400 || (right.status < 400 && code !== "invalid_input");
    const wrong = answers.filter(({ status, code }) => isAccepted(status, code));
    for (const { what, status, code } of wrong) accepted.add(`${what}: ${status} ${code}`);
    return right;
  };
  return { accepted, tried: () => tried };
}

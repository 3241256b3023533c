import { parseImages } from "../../provider/observe/images";
import { planImages, planPrune } from "../../provider/plan/plan-images";
import { asRoot } from "../support/run-script";
import { ImagePlace } from "./image-place";

jest.setTimeout(120_000);

const library = "/var/lib/pulumi-nspawn";
const [used, published, unused] = ["0", "1", "2"].map((digit) => digit.repeat(16)) as [string, string, string];

asRoot("the images of a host", () => {
  let place: ImagePlace;
  beforeEach(async () => {
    place = new ImagePlace();
    const images = [used, published, unused].map(
      (name) =>
        `mkdir -p ${library}/images/${name}; head -c 3000000 /dev/zero >${library}/images/${name}/x; : >${library}/images/${name}.lock`,
    );
    const record = (key: string, lines: string) =>
      `mkdir -p ${library}/owners/${key}; printf '${lines}' >${library}/owners/${key}/record`;
    const { output } = await place.shell(
      [
        ...images,
        `mkdir ${library}/images/${unused}.partial ${library}/images/other; ln -s / ${library}/images/${"3".repeat(16)}`,
        record("a", `owner\\tp/s/machine/web\\nmachine\\tweb\\nimage\\t${used}\\n`),
        record("b", `owner\\tp/s/machine/db\\nmachine\\tdb\\nimage\\t${used}\\n`),
        record("c", `owner\\tp/s/image/golden\\npublishes\\t${published}\\n`),
      ].join("\n"),
    );
    expect(output).toBe("");
  });
  afterEach(() => place.remove());

  const listed = async () => {
    const { results, failure } = await place.run(planImages.steps);
    expect(failure).toBeUndefined();
    return parseImages(results.get("images")!.toString("utf8"));
  };
  const prune = (...names: string[]) => {
    const { steps, texts } = planPrune(names);
    return place.run(steps, texts);
  };

  it("are told with their size, their date and who uses them", async () => {
    const all = await listed();
    expect(all.map(({ hash, publisher, machines }) => ({ hash, publisher, machines }))).toEqual([
      { hash: used, publisher: "", machines: ["db", "web"] },
      { hash: published, publisher: "p/s/image/golden", machines: [] },
      { hash: unused, publisher: "", machines: [] },
    ]);
    for (const { bytes, made } of all) {
      expect(bytes).toBeGreaterThanOrEqual(3_000_000);
      expect(Math.abs(made - Date.now() / 1000)).toBeLessThan(600);
    }
  });

  it("go when nobody uses them, and no others", async () => {
    const { failure, warnings } = await prune(used, published, unused, "f".repeat(16));
    expect(failure).toBeUndefined();
    expect(warnings).toEqual([
      `the image ${used} is used by now, and stays`,
      `the image ${published} is used by now, and stays`,
    ]);
    expect((await listed()).map(({ hash }) => hash)).toEqual([used, published]);
    expect((await place.shell(`ls ${library}/images`)).output).not.toContain(`${unused}.lock`);
  });
});

describe("what a host says of its images", () => {
  it.each(["x", `${used}\tmany\t0\t\t`, `../../../../etc\t1\t0\t\t`, `${used}\t1\t0\t`, `${used}\t1\t0\t\t\tmore`])(
    "is refused when it is %j",
    (line) => expect(() => parseImages(`${line}\n`)).toThrow(/there is no such line of images/),
  );
  it("is made printable", () => {
    expect(parseImages(`${used}\t1\t0\tp\u001b[31m\tw\u0007 x\n`)).toMatchObject([
      { publisher: "p\\u{1b}[31m", machines: ["w\\u{7}", "x"] },
    ]);
  });
});

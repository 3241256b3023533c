import { compared, counted } from "./figure";
import type { Result } from "./result";
import type { Samples } from "./samples";

/** The many of the figures; `N` below. */
export const many = 10;

const upNote = (machines: number) =>
  `${machines} machine${machines === 1 ? "" : "s"} on a prepared host, until all answer; beside raw work on the host + engine floor`;

function up(samples: Samples, machines: number): Result {
  const figure = `up-${machines}`;
  const reference = samples.sum(`${figure}/raw`, `${figure}/floor`);
  return compared({
    ours: samples.of(`${figure}/ours`),
    reference,
    goal: machines === 1 ? 1.1 : 1.15,
    note: upNote(machines),
  });
}

function idle(samples: Samples, kind: "preview" | "refresh", goal: number): Result {
  const figure = `${kind}-${many}`;
  const note = `${many} machines, nothing to do; beside the engine floor`;
  return compared({ ours: samples.of(`${figure}/ours`), reference: samples.of(`${figure}/floor`), goal, note });
}

const count = (samples: Samples, side: string, goal: number, note: string): Result =>
  counted({ unit: "count", values: samples.of(side), goal, note });

/** With isolation on, beside the same with isolation off. */
function isolation(figure: string, unit: "s" | "ms", goal: number, what: string): Figure {
  const result = (samples: Samples): Result => {
    const sides = { ours: samples.of(`${figure}/on`), reference: samples.of(`${figure}/off`) };
    return compared({ ...sides, unit, goal, note: `${what}; isolation on beside off` });
  };
  return { source: "isolation", result };
}

/** Which steps a figure is measured in. */
export type Source = "copies" | "up-1" | "up-many" | "preview" | "refresh" | "state" | "isolation";

interface Figure {
  source: Source;
  result: (samples: Samples) => Result;
}

/** Every figure by name: where it comes from, and how. */
export const figures: Record<string, Figure> = {
  "isolation-inward": isolation("isolation-inward", "s", 1.03, "1 GiB by TCP from the internet to a machine"),
  "isolation-between": isolation("isolation-between", "s", 1.25, "1 GiB by TCP from one machine to another"),
  "isolation-first-4": isolation("isolation-first-4", "ms", 2, "first packet between two machines, IPv4"),
  "isolation-first-6": isolation("isolation-first-6", "ms", 2, "first packet between two machines, IPv6"),
  "up-1": { source: "up-1", result: (samples) => up(samples, 1) },
  [`up-${many}`]: { source: "up-many", result: (samples) => up(samples, many) },
  [`preview-${many}`]: { source: "preview", result: (samples) => idle(samples, "preview", 1.1) },
  [`refresh-${many}`]: { source: "refresh", result: (samples) => idle(samples, "refresh", 1.25) },
  [`up-${many}-copies`]: {
    source: "copies",
    result: (samples) => {
      const sides = { ours: samples.of("copies/snapshots"), reference: samples.of("copies/copies") };
      return compared({
        ...sides,
        goal: 0.35,
        note: `${many} machines as snapshots, beside as copies on a second host`,
      });
    },
  },
  "state-per-machine": {
    source: "state",
    result: (samples) => {
      const note = "our inputs and outputs of one machine, compact JSON";
      return counted({ unit: "bytes", values: samples.of("state"), goal: 4096, note });
    },
  },
  "connections-up": {
    source: "up-many",
    result: (samples) => count(samples, `up-${many}/connections`, 1, `per host and process, up of ${many} machines`),
  },
  "round-trips-per-create": {
    source: "up-many",
    result: (samples) => count(samples, `up-${many}/round-trips-per-machine`, 1, `up of ${many} machines ÷ ${many}`),
  },
  "connections-preview": {
    source: "preview",
    result: (samples) => count(samples, `preview-${many}/connections`, 0, "per host and process"),
  },
  "connections-refresh": {
    source: "refresh",
    result: (samples) => count(samples, `refresh-${many}/connections`, 1, "per host and process"),
  },
  "round-trips-refresh": {
    source: "refresh",
    result: (samples) => count(samples, `refresh-${many}/round-trips`, 1, `per host and process, ${many} machines`),
  },
};

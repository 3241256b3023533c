import type { CommonArgs } from "../model/args";
import { check } from "./check";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import type { Kind } from "./kind";
import { read } from "./read";
import { configure } from "./stack-config";
import type { Properties } from "./state";
import { update } from "./update";

/** What the engine calls for one type of resource. Names and signatures are frozen: stored state calls them. */
export function provider<A extends CommonArgs>(kind: Kind<A>) {
  return {
    configure,
    check: (olds: Properties, news: Properties) => Promise.resolve(check(kind, olds, news)),
    diff: (_id: string, olds: Properties, news: Properties) => Promise.resolve(diff(kind, olds, news)),
    create: (inputs: Properties) => create(kind, inputs),
    read: (id: string, properties: Properties) => read(kind, id, properties),
    update: (id: string, olds: Properties, news: Properties) => update(kind, id, olds, news),
    delete: (_id: string, properties: Properties) => remove(kind, properties),
  };
}

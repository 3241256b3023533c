// The engine's own cost: NSPAWN_BENCH_SHAPE = {"base": {"components", "customs"}, "machine": {…}} resources that do nothing.
const pulumi = require("@pulumi/pulumi");

// A literal, as ours: nothing has to be serialized.
const __provider = `exports.handler = () => ({
  check: async (olds, news) => ({ inputs: news }),
  diff: async (id, olds, news) => ({ changes: olds.name !== news.name }),
  create: async (inputs) => ({ id: inputs.name, outs: inputs }),
  read: async (id, props) => ({ id, props }),
  update: async (id, olds, news) => ({ outs: news }),
  delete: async () => undefined,
});`;

class Nothing extends pulumi.CustomResource {
  constructor(name, options) {
    super("pulumi-nodejs:dynamic/bench:Nothing", name, { __provider, name }, options);
  }
}

class Component extends pulumi.ComponentResource {
  constructor(name, customs) {
    super("bench:index:Component", name);
    for (let index = 0; index < customs; index++) new Nothing(`${name}-${index}`, { parent: this });
    this.registerOutputs({ name });
  }
}

// All custom resources of a group below its first component.
const group = (name, { components, customs }) => {
  for (let index = 0; index < components; index++) new Component(`${name}-${index}`, index === 0 ? customs : 0);
};

const shape = JSON.parse(process.env.NSPAWN_BENCH_SHAPE);
group("base", shape.base);
for (let index = 0; index < Number(process.env.NSPAWN_BENCH_MACHINES); index++) group(`m${index + 1}`, shape.machine);

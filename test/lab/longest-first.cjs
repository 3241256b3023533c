const { default: Sequencer } = require("@jest/test-sequencer");

// Three labs side by side end soonest when the longest tests begin first; on a new machine jest does not know which those are.
const longest = ["main-job", "isolation", "handlers", "existing-host", "example", "attack", "drift"];

const place = ({ path }) => {
  const index = longest.findIndex((name) => path.endsWith(`/${name}.test.ts`));
  return index === -1 ? longest.length : index;
};

module.exports = class LongestFirst extends Sequencer {
  async sort(tests) {
    return [...(await super.sort(tests))].sort((a, b) => place(a) - place(b));
  }
};

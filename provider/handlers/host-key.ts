import { ed25519Pair } from "./ed25519-pair";
import { guarded } from "./guarded";
import { configure } from "./stack-config";
import type { Properties } from "./state";

const names = ["bootPrivateKey", "bootPublicKey", "privateKey", "publicKey"];

function arguments_(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/**
 * Handlers of `nspawn:HostKey`: two key pairs for a new server, made once. The boot pair travels in user data, which
 * can be read from the server; the other replaces it on first contact. Opens no connection.
 */
export const hostKey = guarded({
  configure,
  check: (_olds: Properties, news: Properties) => Promise.resolve({ inputs: news, failures: [] }),
  diff: () => Promise.resolve({ changes: false, replaces: [], deleteBeforeReplace: false }),
  create: (inputs: Properties) => {
    const boot = ed25519Pair();
    const own = ed25519Pair();
    const outs = {
      ...arguments_(inputs),
      bootPrivateKey: boot.privateKey,
      bootPublicKey: boot.publicKey,
      privateKey: own.privateKey,
      publicKey: own.publicKey,
    };
    return Promise.resolve({ id: own.publicKey.slice(-16), outs });
  },
  read: (id: string, properties: Properties) =>
    Promise.resolve({ id, props: properties, inputs: arguments_(properties) }),
  update: (_id: string, olds: Properties, news: Properties) =>
    Promise.resolve({ outs: { ...olds, ...arguments_(news) } }),
  delete: () => Promise.resolve(),
});

import fc from "fast-check";

/** Pieces that mean something to a shell, to systemd, apt, sshd, a URL parser, a screen, or nobody. */
const pieces = [
  "\n", "\r", "\0", "\t", " ", "\u001b[2J", "\u007f", "\u0085", "\u2028", "\u202e", "\ud800", "\ufeff", "é", "а", "🐧", "\\", "'", '"', "`", "$(id)", "${x}",
  ";", "|", "&", ">", "*", "?", "%i", "%", "#", "!", "-", "--", "=", ":", ",", ".", "..", "/", "/../", "@", "[Exec]", "\n[Exec]\nPrivateUsers=no\n", "\nGateway=::1",
  "0x7f", "00", "9", "/0", "/129", "%eth0", "A", "z", "__proto__",
]; // prettier-ignore

/** A valid text, with up to three pieces put in or characters taken out somewhere. */
function mutated(valid: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({ at: fc.nat(), cut: fc.nat(3), piece: fc.constantFrom("", ...pieces) });
  return fc.tuple(fc.constantFrom(...valid), fc.array(change, { maxLength: 3 })).map(([text, changes]) =>
    changes.reduce((now, { at, cut, piece }) => {
      const place = at % (now.length + 1);
      return now.slice(0, place) + piece + now.slice(place + cut);
    }, text),
  );
}

/** Texts around the valid ones, and any others. */
export function hostileText(valid: readonly string[]): fc.Arbitrary<string> {
  const any = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom(...pieces));
  return fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...valid) }, { weight: 6, arbitrary: mutated(valid) }, any);
}

/**
 * The two records in which Pulumi itself writes properties into its log, at -v=9. It knows a secret by its mark, but not
 * what stands inside of one, nor what goes to a provider without the mark:
 *
 * - the engine, each property that passes it (`MarshalProperties`, `UnmarshalProperties` in its sdk/go/common/resource/plugin/rpc.go)
 * - the Node.js SDK, the whole answer to RegisterResource (`log.debug` in its runtime/resource.js)
 */
const passed =
  /^(?:M|Unm)arshaling property for RPC\[[A-Za-z]+(?:\[0x[0-9a-f]+\])?\.[A-Za-z]+\(.*?\)[.a-z]*\]: (\S+?)=/s;
const answered =
  /^(?:eventSink::Debug\(<\{%reset%\}>)?RegisterResource RPC finished: resource:\S+; err: null, resp: urn:/;

/** The property that a line of the log is such a record of, or `answer`; undefined for all other lines. */
export function recordedIn(line: string): string | undefined {
  if (!line.startsWith('{"time":')) return undefined;
  const { msg } = JSON.parse(line) as { msg: string };
  return answered.test(msg) ? "answer" : passed.exec(msg)?.[1];
}

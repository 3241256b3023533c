type Remove = () => Promise<void>;

const open = new Set<Remove>();

function remove(signal: NodeJS.Signals): void {
  process.stderr.write("\nremoving the lab …\n");
  void Promise.allSettled([...open].map((each) => each())).then(() => process.exit(signal === "SIGINT" ? 130 : 143));
}

/** Ctrl-C leaves nothing behind of what has to be removed. Answers what forgets it. */
export function onInterrupt(removed: Remove): () => void {
  if (open.size === 0) process.once("SIGINT", remove).once("SIGTERM", remove);
  open.add(removed);
  return () => {
    open.delete(removed);
    if (open.size === 0) process.off("SIGINT", remove).off("SIGTERM", remove);
  };
}

import { hasControl } from "../read/control";
import { text } from "../read/text";

/** A file on the machine that runs the program. State may be used from another folder, so no path depends on one. */
export const localPath = text({
  allowed:
    "be an absolute path on the machine that runs the program, or begin with ~/ (the home folder of who runs it); make one of a path in the program's folder by path.resolve(__dirname, …)",
  max: 1024,
  test: (value) => /^(~\/|\/)./.test(value) && !hasControl(value) && !value.endsWith("/"),
});

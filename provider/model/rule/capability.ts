import { capabilities } from "../capabilities";
import { nearest } from "../read/nearest";
import { text } from "../read/text";

/** One capability by its name; `all` is none. */
export const capability = text({
  allowed: "be the name of a capability, such as CAP_SYS_NICE",
  max: 64,
  test: (value) => {
    if (capabilities.includes(value)) return true;
    if (value === "all") return "name each one that is needed";
    const near = nearest(value, capabilities);
    return near === undefined ? false : `did you mean ${near}?`;
  },
});

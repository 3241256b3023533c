import { shown } from "../read/shown";
import type { IsolationRules } from "./rule";

const why = 'needs isolation: "tenant"; with "none" machines reach each other and the host';

/** Without a filter nothing could hold to what these say. */
export const none: IsolationRules = {
  bridge({ allowBetween: between, hostServices: services }, place) {
    if (between === "none") place.key("allowBetween").refuse(why);
    if (Array.isArray(services) && services.length > 0) place.key("hostServices").refuse(why);
  },
  noGroups: why,
  noPrivateNetwork:
    'must be "tenant" with privateNetwork (got "none"): the filter keeps it apart from the public network',
  noAttach: { veth: '"veth" needs isolation: "tenant" (got "none")' },
  noFirewall: (bridge) => `needs a bridge with isolation: "tenant"; ${shown(bridge)} has "none"`,
};

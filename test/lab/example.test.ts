import { natDhcp } from "./examples/nat-dhcp";
import { describeExample } from "./examples/told";

// Of all examples the one in `npm test`: leases, translation, ports and starts in reverse order, which main-job.test.ts has not.
describeExample(natDhcp);

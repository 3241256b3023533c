import { natDhcp } from "./examples/nat-dhcp";
import { describeExample } from "./examples/told";

// Of all examples the one in `npm test`: leases, translation, ports and starts in reverse order, which main-job.test.ts has not.
// The others: test/lab/long/examples.test.ts.
describeExample(natDhcp);

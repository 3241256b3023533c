import { customerSubnets } from "../examples/customer-subnets";
import { ipv6Only } from "../examples/ipv6-only";
import { describeExample } from "../examples/told";
import { transparentLan } from "../examples/transparent-lan";

// Beside nat-dhcp, which is in `npm test`: test/lab/example.test.ts.
for (const example of [ipv6Only, customerSubnets, transparentLan]) describeExample(example);

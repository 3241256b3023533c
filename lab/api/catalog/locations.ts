import type { Location } from "./location";

const zone = { country: "DE", network_zone: "eu-central" };

export const locations: Location[] = [
  {
    ...zone,
    id: 1,
    name: "fsn1",
    description: "Falkenstein DC Park 1",
    city: "Falkenstein",
    latitude: 50.47612,
    longitude: 12.370071,
  },
  {
    ...zone,
    id: 2,
    name: "nbg1",
    description: "Nuremberg DC Park 1",
    city: "Nuremberg",
    latitude: 49.452102,
    longitude: 11.076665,
  },
  {
    ...zone,
    id: 3,
    name: "hel1",
    description: "Helsinki DC Park 1",
    country: "FI",
    city: "Helsinki",
    latitude: 60.169855,
    longitude: 24.938379,
  },
];

import type { Location } from "./location";

type Row = [id: number, name: string, zone: string, country: string, city: string, place: string, at: [number, number]];

/** Those of the public catalogue of 2026. */
const rows: Row[] = [
  [1, "fsn1", "eu-central", "DE", "Falkenstein", "Falkenstein DC Park 1", [50.47612, 12.370071]],
  [2, "nbg1", "eu-central", "DE", "Nuremberg", "Nuremberg DC Park 1", [49.452102, 11.076665]],
  [3, "hel1", "eu-central", "FI", "Helsinki", "Helsinki DC Park 1", [60.169855, 24.938379]],
  [4, "ash", "us-east", "US", "Ashburn, VA", "Ashburn, VA", [39.045821, -77.487073]],
  [5, "hil", "us-west", "US", "Hillsboro, OR", "Hillsboro, OR", [45.54222, -122.951924]],
  [6, "sin", "ap-southeast", "SG", "Singapore", "Singapore", [1.283333, 103.833333]],
];

export const locations: Location[] = rows.map(
  ([id, name, network_zone, country, city, description, [latitude, longitude]]) => ({
    id,
    name,
    description,
    country,
    city,
    latitude,
    longitude,
    network_zone,
  }),
);

/** `eu-central` and the like, each once. */
export const networkZones: readonly string[] = [...new Set(locations.map(({ network_zone }) => network_zone))];

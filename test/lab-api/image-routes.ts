import { history } from "./crud";
import type { TryApi } from "./try-api";

/** All routes of images that are made of a server, and of what else one boots from; the server has backups enabled. */
export async function imageRoutes(lab: TryApi, server: number, key: number): Promise<void> {
  const act = (name: string, body?: object) => lab.done("POST", `/servers/${server}/actions/${name}`, body);
  const { image } = await act("create_image", { type: "snapshot", description: "d", labels: { a: "b" } });
  const { image: backup } = await act("create_image", { type: "backup" });
  await lab.done("GET", `/images?type=snapshot&status=available&label_selector=a&sort=created`);
  await lab.done("GET", `/images/${backup.id}`);
  await lab.done("PUT", `/images/${backup.id}`, { type: "snapshot", description: "e", labels: {} });
  await lab.done("POST", `/images/${image.id}/actions/change_protection`, { delete: true });
  await lab.call("DELETE", `/images/${image.id}`);
  await lab.done("POST", `/images/${image.id}/actions/change_protection`, { delete: false });
  await history(lab, "images", image.id);
  for (const { id } of [image, backup]) await lab.done("DELETE", `/images/${id}`);
  await act("attach_iso", { iso: "debian-13-amd64-netinst.iso" });
  await act("enable_rescue", { type: "linux64", ssh_keys: [key] });
  await lab.done("GET", `/servers/${server}`);
  await act("disable_rescue");
  await act("detach_iso");
}

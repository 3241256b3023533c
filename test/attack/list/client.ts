/**
 * From the client's own shell, which has neither scapy nor the machines' programs. `--norc`: the suite talks to it through
 * a socket, bash(1) takes that for a login from afar and would read the user's ~/.bashrc, which may take its own time.
 */
const within = (seconds: number, script: string): string => `timeout ${seconds} bash --norc -c '${script}'`;

export const clientTcp = (address: string, port: number): string => within(10, `exec 3<>/dev/tcp/${address}/${port}`);

export const clientUdp = (address: string, port = 7777): string =>
  within(
    10,
    `exec 3<>/dev/udp/${address}/${port}; echo hello >&3; timeout 5 dd bs=64 count=1 status=none <&3 | grep -q hello`,
  );

/** Without waiting for an answer, which would come from another of the machine's addresses. */
export const clientSays = (address: string, text: string, port = 7777): string =>
  within(5, `printf "%s" "${text}" >/dev/udp/${address}/${port}`);

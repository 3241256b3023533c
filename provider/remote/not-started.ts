/** Could not even be started: nothing was sent, so another connection may try. */
export class NotStarted extends Error {}

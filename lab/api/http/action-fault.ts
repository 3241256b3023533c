/** An injected failure of an action; with `command`, only of actions of that command. */
export interface ActionFault {
  code: string;
  message: string;
  command?: string;
}

import { UNKNOWN, isUnknown } from "../model/unknown";

/** The elements of a list; of an unknown list one unknown element, which marks whatever is made of it as unknown. */
export function items<T>(list: T[] | undefined): T[] {
  if (list === undefined) return [];
  return isUnknown(list) ? [UNKNOWN as T] : list;
}

/** `yes` or `no` of an unknown flag is unknown too. */
export function choice<T extends string>(flag: boolean, yes: T, no: T): T {
  if (isUnknown(flag)) return UNKNOWN as T;
  return flag ? yes : no;
}

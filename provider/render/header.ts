/** First line of the files on a host: whom to ask. Short, because every machine's files are part of its state. */
export const header = "# by pulumi-nspawn\n";

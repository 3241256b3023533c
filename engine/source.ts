/** How a part was had: found ready to run, downloaded from its publisher, or built from Go modules. */
export type Source = "path" | "download" | "build";

/** What shadow(5) has where no password fits: in state it stands for whatever a machine has that is no hash. */
export const noPassword = "!";

/** How often a process reads the settings, in ms. With the time of a read, less than 2 s, also when no message arrives. */
export const settingsPollMs = 1000;

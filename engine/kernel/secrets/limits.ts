/** Milliseconds from a rotation until the new secret is used. By then every process accepts it. */
export const activationDelayMs = 60_000;

/** Milliseconds between two reads of the secrets: two may fail before a new secret is used. */
export const reloadIntervalMs = 20_000;

/** Milliseconds between two looks at the age of the secrets. */
export const ageCheckMs = 3600_000;

/** Fields that an entry of the audit log says the values of. The largest form has a dozen. */
export const maxAuditedFields = 40;

/** Characters of a text in an entry of the audit log, and values of a list. Enough to recognise it. */
export const maxAuditedText = 200;
export const maxAuditedList = 50;

/** The application that the twin serves when nobody names another; the published UserSig vector uses the same. */
export const twinSdkAppId = 1400000000;

/** The administrator that calls the twin. */
export const twinAdminIdentifier = 'administrator';

/** A key that is obviously no secret: 64 characters, good for the twin alone. */
export const twinSecretKey = '0123456789abcdef'.repeat(4);

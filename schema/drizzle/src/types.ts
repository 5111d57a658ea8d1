/** The domains of the schema as column types. */
import { customType } from "drizzle-orm/pg-core";

/** A phone number in E.164: a plus and 2 to 15 digits, the first not zero. */
export const e164 = customType<{ data: string }>({ dataType: () => "public.e164" });

/** What the functions of the schema encrypt, and its views decrypt for `service_role`. */
export const ciphertext = bytes("private.ciphertext");

/** A keyed hash, which only the functions of the schema can make. */
export const keyedHash = bytes("private.keyed_hash");

function bytes(domain: string) {
  return customType<{ data: Uint8Array }>({
    dataType: () => domain,
    toDriver: (value) => `\\x${Buffer.from(value).toString("hex")}`,
  });
}

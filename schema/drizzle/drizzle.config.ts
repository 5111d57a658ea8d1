/** For drizzle-kit's studio and export. Migrations are not Drizzle's to make: they are those under `../supabase`. */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./schema.ts",
  schemaFilter: ["public"],
  dbCredentials: { url: process.env["DATABASE_URL"] ?? "" },
});

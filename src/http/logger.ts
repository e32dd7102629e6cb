/** What the parts write to; pino has this shape. Fields hold ids and counts, never what a visitor wrote. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export default async function stopStore(): Promise<void> {
  await (globalThis as { stopStore?: () => Promise<void> }).stopStore?.();
}

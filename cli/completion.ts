import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { examples } from "./help.ts";
import { settingNames, settingValues } from "./settings.ts";

/** Adds `rollcall completion <shell>`, and what the shell's script then asks. Call it last. */
export function addCompletion(program: Command): void {
  const completions = tab(program, { completionCommandName: "completion" });
  const globals = [...completions.options.values()];
  for (const [path, command] of completions.commands) {
    for (const option of globals)
      if (!command.options.has(option.value)) command.options.set(option.value, option);
    if (path === "tenant create" || path === "tenant set")
      command.argument("setting", completeSetting, true);
  }
  program.commands
    .find((command) => command.name() === "completion")
    ?.addHelpText(
      "after",
      examples(
        "source <(rollcall completion bash)",
        "rollcall completion zsh > ~/.zfunc/_rollcall",
        "rollcall completion fish > ~/.config/fish/completions/rollcall.fish",
        "rollcall completion powershell | Out-String | Invoke-Expression",
      ),
    );
}

/** `name=` for each setting, and where its values can be listed, each with one. */
function completeSetting(add: (value: string, description: string) => void): void {
  for (const name of settingNames) {
    const values = settingValues(name);
    if (values.length === 0) add(`${name}=`, "");
    for (const value of values) add(`${name}=${value}`, "");
  }
}

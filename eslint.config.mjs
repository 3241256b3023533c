import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["bin/", "**/node_modules/", "test/golden/", "**/*.js", "**/*.cjs", "**/*.mjs"] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      complexity: ["error", 10],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "no-control-regex": "off",
    },
  },
  {
    // Shell is files, where shellcheck reads it: provider/host, lab/assets. What is left in strings is one line that is passed
    // as data: a folder that is entered before a command (lab/exec.ts), a filter that is loaded with its cable under a lock
    // (lab/servers/nspawn-backend.ts), a wait for an answer and a connection back (tools/reboots, tools/proofs, tools/smoke,
    // bench/bench-lab.ts), and ExecStartPre= of a machine's unit (provider/render/nspawn.ts), which is a line of a unit.
    files: ["{provider,cli,lab,engine,tools,bench}/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "TemplateElement[value.raw=/\\n\\s*(if|for|while|until|case|fi|done|esac)\\b[^:]*(\\n|$)/]",
          message: "Shell is a file of its own, in provider/host or lab/assets.",
        },
        {
          selector:
            "BinaryExpression[operator=/^[!=]==$/]:not([left.name=kind]) > Literal[value=/^(routed|transparent|veth|tenant)$/]",
          message: "What differs between modes, attachments and isolations is one record per layer (CONTRIBUTING.md).",
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: {
      "max-lines-per-function": "off",
      // What comes out of JSON, as an assertion reads it.
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
);

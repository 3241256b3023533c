// Package codegen stands in for the C# code generator: the bridge imports it, the plugin never calls it.
package codegen

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
)

// GenerateProgram always fails: this plugin serves resources and translates no programs.
func GenerateProgram(*pcl.Program) (map[string][]byte, hcl.Diagnostics, error) {
	return nil, nil, errors.New("this build of pulumi-resource-hcloud does not generate C# programs")
}

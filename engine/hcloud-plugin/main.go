// Command pulumi-resource-hcloud serves the Hetzner Cloud resources to the Pulumi engine: the Terraform provider of
// Hetzner, carried over by Pulumi's bridge. It takes the place of the published plugin where that cannot be downloaded.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/x/muxer"
	"github.com/pulumi/pulumi-terraform-bridge/v3/unstable/metadata"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

func main() {
	ctx := context.Background()
	info := provider(ctx)
	if err := dispatch(info); err != nil {
		fail("which of the two providers serves which resource", err)
	}
	schema, err := packageSchema(*info)
	if err != nil {
		fail("the package schema", err)
	}
	pf.MainWithMuxer(ctx, info.Name, *info, schema)
}

// dispatch writes the table that the published plugin computes when it is built: resource to provider.
func dispatch(info *tfbridge.ProviderInfo) error {
	shim, ok := info.P.(interface {
		ResolveDispatch(*tfbridge.ProviderInfo) (muxer.DispatchTable, error)
	})
	if !ok {
		return fmt.Errorf("%T cannot resolve them", info.P)
	}
	table, err := shim.ResolveDispatch(info)
	if err != nil {
		return err
	}
	return metadata.Set(info.GetMetadata(), "mux", table)
}

// packageSchema is made in memory, without the documentation (that would need the provider's repository).
func packageSchema(info tfbridge.ProviderInfo) ([]byte, error) {
	quiet := diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never})
	made, err := tfgen.GenerateSchemaWithOptions(tfgen.GenerateSchemaOptions{
		ProviderInfo: info, DiagnosticsSink: quiet, XInMemoryDocs: true,
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(made.PackageSpec)
}

func fail(what string, err error) {
	fmt.Fprintf(os.Stderr, "pulumi-resource-hcloud: cannot make %s: %v\n", what, err)
	os.Exit(1)
}

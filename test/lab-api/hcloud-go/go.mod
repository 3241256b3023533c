module pulumi-nspawn/test/hcloud-go

go 1.25.0

require github.com/hetznercloud/hcloud-go/v2 v2.47.0

// Package demo builds the images of the demo applications from layers, without a container engine.
package demo

import (
	"archive/tar"
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/compression"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// server is ./demo/server, built beforehand (see main.go).
//
//go:embed demo
var server []byte

// Image says what one tag of the registry contains.
type Image struct {
	Repository string
	Tag        string
	Version    string // what the application reports; the tag when empty
	Mode       string // DEMO_MODE of the server
	NoShell    bool
	Arch       string // amd64 when empty; another is published as an index, which is where a node looks for its own
	Entrypoint []string
}

// Pause is the sandbox image of the cluster.
var Pause = Image{Repository: "slipway/pause", Tag: "1", NoShell: true, Entrypoint: []string{"/app/server", "pause"}}

// Images are all demo images.
func Images() []Image {
	const checkout, users = "demo/checkout-api", "demo/user-center"
	images := []Image{
		{Repository: checkout, Tag: "crash", Version: "2.14.0", Mode: "crash"},
		{Repository: checkout, Tag: "unready", Version: "2.14.0", Mode: "unready"},
		{Repository: checkout, Tag: "noshell", Version: "2.14.0", NoShell: true},
		{Repository: checkout, Tag: "arm64", Version: "2.14.0", Arch: "arm64"}, // an architecture that no node here has
		{Repository: "private/checkout-api", Tag: "v1"},
	}
	for _, tag := range []string{"v1", "v2", "2.13.3", "2.13.4", "2.14.0", "2.14.1-rc.1", "2.15.0-dev.7"} {
		images = append(images, Image{Repository: checkout, Tag: tag})
	}
	for _, tag := range []string{"1.8.2", "1.9.0"} {
		images = append(images, Image{Repository: users, Tag: tag})
	}
	return images
}

// Name is repository:tag.
func (i Image) Name() string { return i.Repository + ":" + i.Tag }

// Layers are the contents that images share.
type Layers struct {
	shell, app v1.Layer
}

// NewLayers compresses the contents once. busybox is a static busybox binary.
func NewLayers(busybox []byte) (*Layers, error) {
	shellTar, err := shellFiles(busybox)
	if err != nil {
		return nil, fmt.Errorf("pack the shell layer: %w", err)
	}
	appTar, err := pack([]file{{name: "app", dir: true}, {name: "app/server", content: server, mode: 0o755}, {name: "tmp", dir: true, mode: 0o1777}})
	if err != nil {
		return nil, fmt.Errorf("pack the application layer: %w", err)
	}
	layers := &Layers{}
	if layers.shell, err = layer(shellTar); err != nil {
		return nil, err
	}
	if layers.app, err = layer(appTar); err != nil {
		return nil, err
	}
	return layers, nil
}

// Build assembles one image. The same input gives the same digest.
func (l *Layers) Build(i Image) (v1.Image, error) {
	version := cmp.Or(i.Version, i.Tag)
	application := i.Repository[strings.LastIndexByte(i.Repository, '/')+1:]
	created := releaseDate(version)
	config := &v1.ConfigFile{
		Architecture: cmp.Or(i.Arch, "amd64"),
		OS:           "linux",
		Created:      v1.Time{Time: created},
		RootFS:       v1.RootFS{Type: "layers"},
		Config: v1.Config{
			Entrypoint:   i.Entrypoint,
			Env:          []string{"PATH=/bin:/app", "APP=" + application, "VERSION=" + version},
			WorkingDir:   "/app",
			ExposedPorts: map[string]struct{}{"8080/tcp": {}},
			Labels: map[string]string{
				"org.opencontainers.image.title":   application,
				"org.opencontainers.image.version": version,
				"org.opencontainers.image.created": created.Format(time.RFC3339),
			},
		},
	}
	if len(i.Entrypoint) == 0 {
		config.Config.Entrypoint = []string{"/app/server"}
	}
	if i.Mode != "" {
		config.Config.Env = append(config.Config.Env, "DEMO_MODE="+i.Mode)
	}
	image, err := mutate.ConfigFile(mutate.MediaType(empty.Image, types.OCIManifestSchema1), config)
	if err != nil {
		return nil, fmt.Errorf("configure image %s: %w", i.Name(), err)
	}
	layers := []mutate.Addendum{{Layer: l.shell}, {Layer: l.app}}
	if i.NoShell {
		layers = layers[1:]
	}
	if image, err = mutate.Append(mutate.ConfigMediaType(image, types.OCIConfigJSON), layers...); err != nil {
		return nil, fmt.Errorf("add the layers of image %s: %w", i.Name(), err)
	}
	return image, nil
}

// Index assembles a multi-platform image that has only the one platform.
func (l *Layers) Index(i Image) (v1.ImageIndex, error) {
	image, err := l.Build(i)
	if err != nil {
		return nil, err
	}
	platform := &v1.Platform{OS: "linux", Architecture: i.Arch}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	return mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: platform}}), nil
}

// releaseDate gives every version its own fixed date, so that digests are reproducible and lists by date have an order.
func releaseDate(version string) time.Time {
	days := 0
	for _, c := range []byte(version) {
		days = (days*7 + int(c)) % 300
	}
	return time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC).AddDate(0, 0, days)
}

func layer(content []byte) (v1.Layer, error) {
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	l, err := tarball.LayerFromOpener(open, tarball.WithCompression(compression.GZip), tarball.WithCompressionLevel(1),
		tarball.WithCompressedCaching, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, fmt.Errorf("compress an image layer: %w", err)
	}
	return l, nil
}

type file struct {
	name    string
	dir     bool
	mode    int64
	link    string
	content []byte
}

func shellFiles(busybox []byte) ([]byte, error) {
	files := []file{
		{name: "bin", dir: true}, {name: "bin/busybox", content: busybox, mode: 0o755},
		{name: "etc", dir: true}, {name: "etc/passwd", content: []byte("root:x:0:0:root:/:/bin/sh\n"), mode: 0o644},
	}
	// Without wget: Debian's static busybox crashes in it. /app/server get URL does as well.
	for _, applet := range strings.Fields("ash awk cat chmod cp cut date df du echo env false find free grep head hostname id kill ls mkdir more mv nc netstat nslookup ping printf ps pwd rm sed sh sleep sort stty tail tar test top touch tr true uname uniq uptime vi wc which whoami xargs yes") {
		files = append(files, file{name: "bin/" + applet, link: "busybox"})
	}
	return pack(files)
}

func pack(files []file) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.content)), Typeflag: tar.TypeReg, ModTime: time.Unix(0, 0)}
		switch {
		case f.dir:
			header.Typeflag, header.Mode = tar.TypeDir, cmp.Or(f.mode, 0o755)
		case f.link != "":
			header.Typeflag, header.Linkname, header.Mode = tar.TypeSymlink, f.link, 0o777
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.name, err)
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("end the archive: %w", err)
	}
	return out.Bytes(), nil
}

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func keyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "key [FOLDER]",
		Short: "Print the cache key of the sources in FOLDER (the current folder)",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			folder := "."
			if len(args) == 1 {
				folder = args[0]
			}
			key, err := cacheKey(os.DirFS(folder))
			if err != nil {
				return err
			}
			fmt.Println(key)
			return nil
		},
	}
}

// cacheKey is the KEY that the comment of this package defines.
func cacheKey(folder fs.FS) (string, error) {
	var paths []string
	err := fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
		source := path == "go.mod" || path == "go.sum" || strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go")
		if err == nil && source && entry.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("list the sources: %w", err)
	}
	slices.Sort(paths)
	sum := sha256.New()
	for _, path := range paths {
		content, err := fs.ReadFile(folder, path)
		if err != nil {
			return "", fmt.Errorf("read the sources: %w", err)
		}
		fmt.Fprintf(sum, "%s\n%d\n", path, len(content))
		sum.Write(content)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
